import { crc32 } from "../dependencies/codecs.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { charactersAt, concatenate, viewOf } from "./bytes.ts";
import { otherKind } from "./file_kinds.ts";
import { checkDimensions } from "./raster.ts";

/** Bits of one sample of a PNG.
 * @category Files */
export type PngBitDepth = 1 | 2 | 4 | 8 | 16;

/** What the samples of a PNG mean. */
export type PngColour = "grey" | "colour" | "palette" | "grey with alpha" | "colour with alpha";

/** The header chunk of a PNG. `channels` counts the samples of a pixel as stored: 1 for grey and palette. */
export interface PngHeader {
  readonly height: number;
  readonly width: number;
  readonly bitDepth: PngBitDepth;
  readonly colour: PngColour;
  readonly channels: number;
  readonly interlaced: boolean;
}

type Coding = Pick<PngHeader, "bitDepth" | "colour" | "channels" | "interlaced">;

interface ColourType {
  readonly colour: PngColour;
  readonly channels: number;
  readonly bitDepths: readonly PngBitDepth[];
}

const colourTypes: ReadonlyMap<number, ColourType> = new Map<number, ColourType>([
  [0, { colour: "grey", channels: 1, bitDepths: [1, 2, 4, 8, 16] }],
  [2, { colour: "colour", channels: 3, bitDepths: [8, 16] }],
  [3, { colour: "palette", channels: 1, bitDepths: [1, 2, 4, 8] }],
  [4, { colour: "grey with alpha", channels: 2, bitDepths: [8, 16] }],
  [6, { colour: "colour with alpha", channels: 4, bitDepths: [8, 16] }],
]);

const wrong = (name: string, found: string, expected: string): Either<Failure, never> =>
  E.left(failure("format", name, found, expected));

/** Decodes the last five bytes of the header. */
const readCoding = (name: string, bytes: Uint8Array): Either<Failure, Coding> => {
  const view = viewOf(bytes);
  const [bits, code] = [view.getUint8(0), view.getUint8(1)];
  const [compression, filter, interlace] = [view.getUint8(2), view.getUint8(3), view.getUint8(4)];
  const type = colourTypes.get(code);
  const bitDepth = type?.bitDepths.find((depth) => depth === bits);
  if (type === undefined || bitDepth === undefined) {
    return wrong(name, `colour type ${code} with ${bits} bits`, "a combination that the PNG specification allows");
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    const found = `compression ${compression}, filter method ${filter}, interlace ${interlace}`;
    return wrong(name, found, "compression 0, filter method 0, interlace 0 or 1");
  }
  const { colour, channels } = type;
  return E.right({ bitDepth, colour, channels, interlaced: interlace === 1 });
};

/**
 * Decodes the header of a PNG, the first chunk after the signature, and checks its size by {@link checkDimensions}.
 * Left with kind `format` if it is missing, unknown to the specification or announces too large a picture. Source:
 * Portable Network Graphics, third edition, section 11.2.1.
 */
const readPngHeader = (name: string, bytes: Uint8Array, maxMegapixels: number): Either<Failure, PngHeader> => {
  const [start, end] = [16, 29];
  const view = viewOf(bytes);
  if (bytes.length < end || view.getUint32(8) !== end - start || charactersAt(bytes, 12, start) !== "IHDR") {
    return wrong(name, "a PNG that does not begin with a whole header", "an IHDR chunk of 13 bytes");
  }
  const width = view.getUint32(start);
  const height = view.getUint32(start + 4);
  return pipe(
    checkDimensions(name, height, width, maxMegapixels),
    E.chain(() => readCoding(name, bytes.subarray(start + 8, end))),
    E.map((coding) => ({ height, width, ...coding })),
  );
};

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
  const dataOf = (wanted: string): Uint8Array => {
    const [first, ...others] = chunks.filter(({ type }) => type === wanted).map(({ data }) => data);
    if (first === undefined) return new Uint8Array(0);
    return others.length === 0 ? first : concatenate([first, ...others]);
  };
  const palette = dataOf("PLTE");
  if (header.colour === "palette" && palette.length === 0) {
    return E.left(failure("format", name, "indexed colours without a palette", "a PLTE chunk"));
  }
  return E.right({ header, palette, compressed: dataOf("IDAT") });
};

/** Whether the bytes begin as a PNG does. */
export const isPng = (bytes: Uint8Array): boolean => charactersAt(bytes, 0, pngSignature.length) === pngSignature;

/**
 * Takes a PNG of at most so many megapixels apart without decoding them. Header and checksums are verified; left
 * with kind `format` if the signature or the header is wrong, or the file is truncated or damaged. Ancillary chunks
 * (text, colour profile, transparency) are skipped. Source: Portable Network Graphics, third edition, sections 5 and
 * 11.
 */
export const readPngChunks = (name: string, bytes: Uint8Array, maxMegapixels: number): Either<Failure, PngChunks> => {
  if (!isPng(bytes)) return E.left(otherKind(name, bytes, "a PNG"));
  return pipe(
    readPngHeader(name, bytes, maxMegapixels),
    E.chain((header) =>
      pipe(
        readCritical(name, bytes),
        E.chain((chunks) => assemble(name, header, chunks)),
      )
    ),
  );
};

/**
 * The data of the first chunk of an ancillary type, such as "eXIf"; undefined if a PNG has none, or ends before it. Its
 * checksum is not verified: what it says is optional.
 */
export const ancillaryData = (bytes: Uint8Array, wanted: string): Uint8Array | undefined => {
  const view = viewOf(bytes);
  let offset = pngSignature.length;
  while (offset + 12 <= bytes.length) {
    const end = offset + 8 + view.getUint32(offset);
    if (charactersAt(bytes, offset + 4, offset + 8) === wanted) return bytes.subarray(offset + 8, end);
    offset = end + 4;
  }
  return undefined;
};
