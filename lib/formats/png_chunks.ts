import { type Failure, failure } from "../errors.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { crc32 } from "../dependencies/zlib.ts";
import { charactersAt, concatenate, viewOf } from "./bytes.ts";
import { type PngHeader, readPngHeader } from "./png_header.ts";

/** What a decoder needs of a PNG: `palette` in R, G, B triples, `compressed` is the zlib stream of the picture. */
export interface PngChunks {
  readonly header: PngHeader;
  readonly palette: Uint8Array;
  readonly compressed: Uint8Array;
}

/** The eight bytes that every PNG starts with, as characters of the same codes. */
export const pngSignature: string = "\x89PNG\r\n\x1a\n";

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Where the next chunk begins. */
  readonly next: number;
}

const truncated = (name: string, size: number): Failure =>
  failure(
    "format",
    name,
    `a PNG that ends after ${size} bytes, before its end chunk`,
    "a whole PNG",
    "The file is truncated; copy or download it again.",
  );

const wrongChecksum = (name: string, type: string, offset: number): Failure =>
  failure(
    "format",
    name,
    `a wrong checksum in chunk ${JSON.stringify(type)} at byte ${offset}`,
    "the checksum of the chunk's bytes",
    "The file is damaged; copy or download it again.",
  );

const readChunk = (name: string, bytes: Uint8Array, offset: number): Either<Failure, Chunk> => {
  if (offset + 12 > bytes.length) return E.left(truncated(name, bytes.length));
  const view = viewOf(bytes);
  const end = offset + 8 + view.getUint32(offset);
  if (end + 4 > bytes.length) return E.left(truncated(name, bytes.length));
  const type = charactersAt(bytes, offset + 4, offset + 8);
  if (crc32(bytes.subarray(offset + 4, end)) !== view.getUint32(end)) {
    return E.left(wrongChecksum(name, type, offset));
  }
  return E.right({ type, data: bytes.subarray(offset + 8, end), next: end + 4 });
};

/** A decoder must understand the chunks whose name begins with a capital. */
const isCritical = ({ type }: Chunk): boolean => (type.charCodeAt(0) & 0x20) === 0;

/** The critical chunks between the header and the end. */
const readCritical = (name: string, bytes: Uint8Array): Either<Failure, readonly Chunk[]> => {
  const chunks: Chunk[] = [];
  let chunk = readChunk(name, bytes, pngSignature.length);
  while (chunk._tag === "Right" && chunk.right.type !== "IEND") {
    if (isCritical(chunk.right)) chunks.push(chunk.right);
    chunk = readChunk(name, bytes, chunk.right.next);
  }
  return chunk._tag === "Left" ? chunk : E.right(chunks.slice(1));
};

const assemble = (name: string, header: PngHeader, chunks: readonly Chunk[]): Either<Failure, PngChunks> => {
  const strange = chunks.find(({ type }) => type !== "PLTE" && type !== "IDAT");
  if (strange !== undefined) {
    const found = `chunk ${JSON.stringify(strange.type)} after the header`;
    return E.left(failure("format", name, found, "PLTE and IDAT chunks only"));
  }
  const dataOf = (wanted: string) => concatenate(chunks.filter(({ type }) => type === wanted).map(({ data }) => data));
  const palette = dataOf("PLTE");
  if (header.colour === "palette" && palette.length === 0) {
    return E.left(failure("format", name, "indexed colours without a palette", "a PLTE chunk"));
  }
  return E.right({ header, palette, compressed: dataOf("IDAT") });
};

/** Whether the bytes begin as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean => charactersAt(bytes, 0, pngSignature.length) === pngSignature;

/**
 * Takes a PNG apart without decoding its pixels. The header, its limits and every chunk's checksum are verified; left
 * with kind `format` if the signature or the header is wrong, or the file is truncated or damaged. Ancillary chunks
 * (text, colour profile, transparency) are skipped. Source: Portable Network Graphics, third edition, sections 5 and
 * 11.
 */
export const readPngChunks = (name: string, bytes: Uint8Array): Either<Failure, PngChunks> => {
  if (!isPng(bytes)) {
    const found = bytes.length === 0 ? "an empty file" : "a file without the PNG signature";
    return E.left(failure("format", name, found, "a PNG"));
  }
  return pipe(
    readPngHeader(name, bytes),
    E.chain((header) =>
      pipe(
        readCritical(name, bytes),
        E.chain((chunks) => assemble(name, header, chunks)),
      )
    ),
  );
};
