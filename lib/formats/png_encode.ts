import { crc32, deflateSync } from "../dependencies/zlib.ts";
import { bytesOf, concatenate } from "./bytes.ts";
import { pngSignature } from "./png_chunks.ts";
import type { RgbImage } from "./raster.ts";

const chunk = (type: string, data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(bytesOf(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
};

const headerChunk = (height: number, width: number, bitDepth: 8 | 16, colourType: 0 | 2): Uint8Array => {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([bitDepth, colourType], 8);
  return chunk("IHDR", data);
};

/** Each row as differences to the pixel before it, which compresses smooth pictures well. `step` is bytes a pixel. */
const subtractLeft = (rows: Uint8Array, height: number, step: number): Uint8Array => {
  const rowBytes = rows.length / height;
  const filtered = new Uint8Array(rows.length + height);
  let to = 0;
  for (let y = 0; y < height; y++) {
    filtered[to++] = 1;
    const start = y * rowBytes;
    for (let i = start; i < start + rowBytes; i++) {
      const left = i < start + step ? 0 : rows[i - step]!;
      filtered[to++] = rows[i]! - left;
    }
  }
  return filtered;
};

const assemble = (header: Uint8Array, rows: Uint8Array, height: number, step: number): Uint8Array => {
  const data = chunk("IDAT", deflateSync(subtractLeft(rows, height, step)));
  return concatenate([bytesOf(pngSignature), header, data, chunk("IEND", new Uint8Array(0))]);
};

const checkSize = (height: number, width: number, channels: number, length: number): void => {
  if (height < 1 || width < 1 || height * width * channels !== length) {
    throw new RangeError(
      `${length} values are no picture of ${height} × ${width} × ${channels}`,
    );
  }
};

/**
 * Encodes 8-bit colour as a PNG. Throws a RangeError where `pixels` does not hold height × width × 3 values, or there
 * are none.
 */
export const encodeRgbPng = (image: RgbImage): Uint8Array => {
  const { height, width, pixels } = image;
  checkSize(height, width, 3, pixels.length);
  return assemble(headerChunk(height, width, 8, 2), pixels, height, 3);
};

/**
 * Encodes raw integers in 0…65535 as a grey PNG of 16 bits, as depth is stored (the unit is the caller's). Throws a
 * RangeError where `values` does not hold height × width of them, or there are none.
 */
export const encodeGrey16Png = (height: number, width: number, values: Uint16Array): Uint8Array => {
  checkSize(height, width, 1, values.length);
  const rows = new Uint8Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    rows[2 * i] = values[i]! >> 8;
    rows[2 * i + 1] = values[i]!;
  }
  return assemble(headerChunk(height, width, 16, 0), rows, height, 2);
};
