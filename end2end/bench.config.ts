import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium";

// One after the other, on an otherwise idle machine: two at once would measure each other.
export default defineConfig({
  testDir: "./bench",
  testMatch: "*.bench.ts",
  outputDir: "./test-results",
  reporter: "line",
  retries: 0,
  workers: 1,
  timeout: 300_000,
  use: { browserName: "chromium", launchOptions, locale: "en-GB", viewport: { width: 1280, height: 800 } },
});
