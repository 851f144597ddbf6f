import { type Failure, failure } from "../errors.ts";
import { type TaskEither, TE } from "../dependencies/fp.ts";
import { charactersAt } from "./bytes.ts";
import { decodeJpeg } from "./jpeg.ts";
import { isJpeg } from "./jpeg_markers.ts";
import { decodeRgbPng } from "./png.ts";
import { isPng } from "./png_chunks.ts";
import type { RgbImage } from "./raster.ts";

const otherSignatures: readonly (readonly [RegExp, string])[] = [
  [/^GIF8/, "a GIF"],
  [/^RIFF....WEBP/s, "a WebP picture"],
  [/^BM/, "a BMP"],
  [/^(II\*\0|MM\0\*)/, "a TIFF"],
  [/^....ftyp(heic|heix|mif1|avif)/s, "a HEIC or AVIF picture"],
];

const guess = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return "an empty file";
  const text = charactersAt(bytes, 0, 12);
  const known = otherSignatures.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  const hex = Array.from(bytes.subarray(0, 8), (byte) => {
    return byte.toString(16).padStart(2, "0");
  });
  return `a file that begins with the bytes ${hex.join(" ")}`;
};

/**
 * Decodes a PNG or JPEG to 8-bit colour, chosen by the signature in its first bytes and not by the name's extension.
 * Left with kind `format` for any other bytes, and as `decodeRgbPng` and `decodeJpeg`.
 */
export const decodeImage = (name: string, bytes: Uint8Array): TaskEither<Failure, RgbImage> => {
  if (isPng(bytes)) return TE.fromEither(decodeRgbPng(name, bytes));
  if (isJpeg(bytes)) return decodeJpeg(name, bytes);
  return TE.left(failure("format", name, guess(bytes), "a PNG or a JPEG", "Convert the picture to one of these."));
};
