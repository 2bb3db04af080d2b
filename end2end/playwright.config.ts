import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium";

const PHONE = /\.phone\.spec\.ts$/;
const NO_SCRIPT = /\.noscript\.spec\.ts$/;
const desktop = { width: 1280, height: 800 };

export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  reporter: "list",
  forbidOnly: process.env["CI"] === "true",
  retries: 0, // a test that passes the second time has found something
  workers: 2,
  // Wide, for a machine that is busy with something else: how quick the product is, the benches tell.
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    launchOptions,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: "retain-on-failure",
  },
  projects: [
    { name: "desktop", testIgnore: [PHONE, NO_SCRIPT], use: { viewport: desktop } },
    { name: "phone", testMatch: PHONE, use: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true } },
    { name: "no-script", testMatch: NO_SCRIPT, use: { viewport: desktop, javaScriptEnabled: false } },
  ],
});
