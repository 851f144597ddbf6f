import { bytesOf, charactersAt, concatenate, viewOf } from "./bytes.ts";
import { pngChunk } from "./png.ts";
import { isPng, pngSignature } from "./png_chunks.ts";

/** Texts that a PNG carries beside its pixels, by keyword, such as "Software". All characters are of Latin-1. */
export type PngText = ReadonlyMap<string, string>;

/** Where the chunks after the header begin. */
const afterHeader = pngSignature.length + 25;

/** The longest chunk of text that is read, in bytes. */
const longestText = 2000;

const textChunk = ([keyword, text]: readonly [string, string]): Uint8Array => {
  const sound = /^[\x20-\x7e\xa1-\xff]{1,79}$/.test(keyword) && /^[^\0\u0100-\uffff]*$/.test(text);
  if (!sound) throw new RangeError(`text of a PNG: ${JSON.stringify([keyword, text])} is not of Latin-1`);
  return pngChunk("tEXt", bytesOf(`${keyword}\0${text}`));
};

/**
 * The PNG with texts right behind its header, where a reader finds them without the pixels. Source: Portable Network
 * Graphics, third edition, section 11.3.3. Throws a RangeError for what is no PNG, and for keywords of no or more than 79
 * characters and texts that are not of Latin-1.
 */
export const withPngText = (png: Uint8Array, text: PngText): Uint8Array => {
  if (!isPng(png) || png.length < afterHeader) throw new RangeError("text of a PNG: the bytes are none");
  return concatenate([png.subarray(0, afterHeader), ...[...text].map(textChunk), png.subarray(afterHeader)]);
};

/**
 * The texts of a PNG between its header and its pixels, as far as the bytes reach: the first of a file are enough. Empty
 * for what is no PNG; chunks of more than 2000 bytes are left out. Checksums are not looked at.
 */
export const pngTextOf = (bytes: Uint8Array): PngText => {
  const texts = new Map<string, string>();
  if (!isPng(bytes)) return texts;
  const view = viewOf(bytes);
  for (let at = pngSignature.length; at + 8 <= bytes.length;) {
    const [type, end] = [charactersAt(bytes, at + 4, at + 8), at + 8 + view.getUint32(at)];
    if (type === "IDAT" || end > bytes.length) break;
    const gap = type === "tEXt" && end - at < longestText ? bytes.indexOf(0, at + 8) : -1;
    if (gap >= 0 && gap < end) texts.set(charactersAt(bytes, at + 8, gap), charactersAt(bytes, gap + 1, end));
    at = end + 4;
  }
  return texts;
};
