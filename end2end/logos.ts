// Pictures for logos, made in code: good ones, and such as must not be taken.
import { type Locator, type Page, expect } from "@playwright/test";
import { crc32, deflateSync } from "node:zlib";

/** A file as a file field takes it. */
export interface Picture {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const RED = [200, 30, 40] as const;
export const BLUE = [30, 60, 210] as const;
export const LARGEST = 5 * 1024 * 1024;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body) >>> 0);
  return Buffer.concat([length, body, sum]);
}

function header(width: number, height: number, depth: number, colour: number): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.writeUInt8(depth, 8);
  data.writeUInt8(colour, 9);
  return chunk("IHDR", data);
}

/** A PNG of one colour. `bytes` is how long the whole file is to be, by a private chunk that means nothing. */
export function png(rgb: readonly [number, number, number], { width = 64, height = 64, bytes = 0 } = {}): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.from(Array.from({ length: width }, () => rgb).flat())]);
  const start = Buffer.concat([SIGNATURE, header(width, height, 8, 2)]);
  const end = Buffer.concat([
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
  const missing = bytes - start.length - end.length - 12;
  return Buffer.concat(missing < 0 ? [start, end] : [start, chunk("paDd", Buffer.alloc(missing)), end]);
}

/** A whole PNG in black of any size, one bit for each pixel. */
export function blackPng(width: number, height: number): Buffer {
  const rows = Buffer.alloc((1 + Math.ceil(width / 8)) * height);
  return Buffer.concat([SIGNATURE, header(width, height, 1, 0), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** A PNG that says it has 65,535 × 65,535 pixels of four times two bytes, which would be 34 GB, and has hardly any. */
export function bomb(): Buffer {
  const data = deflateSync(Buffer.alloc(1024 * 1024));
  return Buffer.concat([SIGNATURE, header(65_535, 65_535, 16, 6), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

export const picture = (buffer: Buffer, name = "logo.png", mimeType = "image/png"): Picture => ({ name, mimeType, buffer });
export const red = () => picture(png(RED), "red.png");
export const blue = () => picture(png(BLUE), "blue.png");

/** A JPEG of one colour, made by the browser. */
export async function jpeg(page: Page, rgb: readonly [number, number, number]): Promise<Picture> {
  const bytes = await page.evaluate(async (colour) => {
    const canvas = new OffscreenCanvas(200, 100);
    const pen = canvas.getContext("2d");
    if (pen === null) throw new Error("the browser draws nothing");
    pen.fillStyle = `rgb(${colour.join(" ")})`;
    pen.fillRect(0, 0, 200, 100);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 1 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, rgb);
  return picture(Buffer.from(bytes), "photo.jpg", "image/jpeg");
}

/** Bytes that are none of the pictures that are taken, or no longer, with what they are. */
export const BAD: readonly (readonly [what: string, file: () => Picture])[] = [
  ["an SVG", () => picture(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), "logo.svg", "image/svg+xml")],
  ["an SVG that calls itself PNG", () => picture(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'))],
  ["a text that calls itself JPEG", () => picture(Buffer.from("This is no picture."), "logo.jpg", "image/jpeg")],
  ["a GIF that calls itself PNG", () => picture(Buffer.from("GIF89a\x01\x00\x01\x00\x00\x00\x00;", "latin1"))],
  ["a PNG that is cut short", () => picture(png(RED).subarray(0, 60))],
  ["a PNG with a damaged part", () => picture(damaged(png(RED)))],
  ["an empty file", () => picture(Buffer.alloc(0))],
];

function damaged(good: Buffer): Buffer {
  const bad = Buffer.from(good);
  bad.fill(0xaa, bad.length - 40, bad.length - 20);
  return bad;
}

/** The colour in the middle of a picture that is shown; nothing while it has not come. */
export function colourOf(image: Locator): Promise<number[] | null> {
  return image.evaluate((element) => {
    const shown = element as HTMLImageElement;
    if (!shown.complete || shown.naturalWidth === 0) return null;
    const canvas = new OffscreenCanvas(1, 1);
    const pen = canvas.getContext("2d");
    pen?.drawImage(shown, shown.naturalWidth / 2, shown.naturalHeight / 2, 1, 1, 0, 0, 1, 1);
    return [...(pen?.getImageData(0, 0, 1, 1).data ?? [])].slice(0, 3);
  });
}

/** The picture is loaded and has this colour; a JPEG has it nearly. */
export async function expectColour(image: Locator, colour: readonly number[]): Promise<void> {
  const far = async () => {
    const shown = await colourOf(image);
    return shown === null ? "not loaded" : Math.max(...colour.map((value, index) => Math.abs(value - (shown[index] ?? -255)))) <= 3;
  };
  await expect.poll(far).toBe(true);
}
