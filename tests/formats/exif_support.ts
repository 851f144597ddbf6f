/** Writes what a camera writes: orientations in EXIF data, and pictures that carry them. */
import { crc32 } from "node:zlib";
import { concatenate } from "./support.ts";

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A directory of a TIFF with these tags, each of one number, a SHORT (3) or a LONG (4). */
export const tiffOf = (
  order: "II" | "MM",
  tags: readonly (readonly [tag: number, type: number, value: number])[],
): Uint8Array => {
  const little = order === "II";
  const bytes = new Uint8Array(8 + 2 + 12 * tags.length + 4);
  const view = new DataView(bytes.buffer);
  bytes.set(latin(order));
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, tags.length, little);
  tags.forEach(([tag, type, value], index) => {
    const at = 10 + 12 * index;
    view.setUint16(at, tag, little);
    view.setUint16(at + 2, type, little);
    view.setUint32(at + 4, 1, little);
    if (type === 3) view.setUint16(at + 8, value, little);
    else view.setUint32(at + 8, value, little);
  });
  return bytes;
};

/** What a camera tells of itself, and how the picture is to be shown. */
export const exifOf = (orientation: number, order: "II" | "MM" = "MM", type: 3 | 4 = 3): Uint8Array =>
  tiffOf(order, [[0x0100, 4, 4032], [0x0112, type, orientation], [0x0128, 3, 2]]);

const pngChunk = (type: string, data: Uint8Array): Uint8Array => {
  const body = concatenate(latin(type), data);
  const bytes = new Uint8Array(body.length + 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(body, 4);
  view.setUint32(body.length + 4, crc32(body));
  return bytes;
};

/** A PNG with EXIF data behind its header, or before its end. */
export const pngWithExif = (png: Uint8Array, exif: Uint8Array, where: "first" | "last" = "first"): Uint8Array => {
  const at = where === "first" ? 33 : png.length - 12;
  return concatenate(png.subarray(0, at), pngChunk("eXIf", exif), png.subarray(at));
};

const jpegSegment = (marker: number, data: Uint8Array): Uint8Array =>
  concatenate(Uint8Array.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff), data);

/** A JPEG with EXIF data, behind other application data of the same marker. */
export const jpegWithExif = (jpeg: Uint8Array, exif: Uint8Array): Uint8Array =>
  concatenate(
    jpeg.subarray(0, 2),
    jpegSegment(0xe1, latin("http://ns.adobe.com/xap/1.0/\0<x/>")),
    jpegSegment(0xe1, concatenate(latin("Exif\0\0"), exif)),
    jpeg.subarray(2),
  );

/** What a WebP with EXIF data looks like from outside: a chunk of an odd length, padded, before them. */
export const webpWithExif = (exif: Uint8Array): Uint8Array => {
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const size = new Uint8Array(4);
    new DataView(size.buffer).setUint32(0, data.length, true);
    return concatenate(latin(type), size, data, new Uint8Array(data.length % 2));
  };
  return chunk("RIFF", concatenate(latin("WEBP"), chunk("VP8X", new Uint8Array(11)), chunk("EXIF", exif)));
};
