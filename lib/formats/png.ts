import { crc32, deflateSync, inflateSync } from "../dependencies/codecs.ts";
import { E, type Either, pipe } from "../dependencies/fp.ts";
import { causedBy, type Failure, failure, reasonText } from "../errors.ts";
import { bytesOf, concatenate } from "./bytes.ts";
import { type PngBitDepth, type PngHeader, pngSignature, readPngChunks } from "./png_chunks.ts";
import { type Canvas, colourCanvas, greyCanvas, mapped } from "./png_canvas.ts";
import { filteredSize, readRows } from "./png_samples.ts";
import { checkBytes, type RgbImage, usualMegapixels } from "./raster.ts";

/** A grey picture as the raw integers of its file: row-major, height × width values in 0…2^`bitDepth` − 1.
 * @category Files */
export interface GreyImage {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** The level of the pixel at (row, column), as stored in the file, is at index row · width + column. */
  readonly values: Uint16Array;
  /** Bits in which the file stores a level: white is 2^`bitDepth` − 1. */
  readonly bitDepth: PngBitDepth;
}

/** A decoded PNG: colour at 8 bits, or grey as raw integers.
 * @category Files */
export type PngImage =
  | { readonly kind: "colour"; readonly image: RgbImage }
  | { readonly kind: "grey"; readonly image: GreyImage };

/** Deflate makes no more of a byte than this. */
const mostInflation = 1032;

const decompress = (name: string, header: PngHeader, compressed: Uint8Array): Either<Failure, Uint8Array> => {
  const expected = filteredSize(header);
  const wrong = (found: string) =>
    failure(
      "format",
      name,
      found,
      `${expected} bytes of pixels, as the header announces`,
      "The file is damaged; copy or download it again.",
    );
  if (compressed.length * mostInflation < expected) {
    return E.left(
      wrong(`${compressed.length} compressed bytes, which hold at most ${compressed.length * mostInflation}`),
    );
  }
  return pipe(
    E.tryCatch(
      // The bound is what keeps a file of a few kilobytes from filling the memory. In one piece nothing is copied, and the
      // one byte more shows at once that there are too many. No piece is smaller than 64 bytes.
      () => inflateSync(compressed, { maxOutputLength: expected, chunkSize: Math.max(expected + 1, 64) }),
      (reason) => pipe(wrong(`pixels that do not decompress (${reasonText(reason)})`), causedBy(reason)),
    ),
    E.chain((bytes) => bytes.length === expected ? E.right(bytes) : E.left(wrong(`${bytes.length} bytes of pixels`))),
  );
};

/** What the file, its pixels before they are decoded, and the decoded ones take together. */
const bytesToDecode = (header: PngHeader, file: Uint8Array, compressed: Uint8Array): number => {
  const joined = compressed.buffer === file.buffer ? 0 : compressed.length;
  return file.length + joined + filteredSize(header) + 3 * header.height * header.width;
};

const decodeOnto = <A>(
  name: string,
  bytes: Uint8Array,
  maxMegapixels: number,
  canvasOf: (header: PngHeader, palette: Uint8Array) => Canvas<A>,
): Either<Failure, A> =>
  pipe(
    readPngChunks(name, bytes, maxMegapixels),
    E.chainFirst(({ header, compressed }) => checkBytes(name, bytesToDecode(header, bytes, compressed), maxMegapixels)),
    E.chain(({ header, palette, compressed }) =>
      pipe(
        decompress(name, header, compressed),
        E.chain((filtered) => {
          const canvas = canvasOf(header, palette);
          return pipe(readRows(name, header, filtered, canvas.take), E.chain(canvas.finish));
        }),
      )
    ),
  );

const isGrey = ({ colour }: PngHeader): boolean => colour === "grey" || colour === "grey with alpha";

/**
 * Decodes a PNG of any colour type, bit depth and interlacing. Grey stays as raw integers; 16-bit colour is rounded to
 * 8 bits; palettes are looked up. Alpha and transparency are dropped: the colour below them is given as stored. Left
 * with kind `format` if the bytes are no PNG, truncated or damaged, or the picture has sides of more than 65535 pixels or
 * more than `maxMegapixels` (110 unless given) in all; memory is bounded by the size that the header announces, and the
 * pixels must really be there. `name` is the file's, for messages.
 * @category Files
 */
export const decodePng = (
  name: string,
  bytes: Uint8Array,
  maxMegapixels: number = usualMegapixels,
): Either<Failure, PngImage> =>
  decodeOnto(
    name,
    bytes,
    maxMegapixels,
    (header, palette): Canvas<PngImage> =>
      isGrey(header)
        ? mapped(greyCanvas(header), (image) => ({ kind: "grey", image }))
        : mapped(colourCanvas(name, header, palette), (image) => ({ kind: "colour", image })),
  );

/**
 * Decodes a grey PNG of 16 or 8 bits as raw integers, as depth is stored; `bitDepth` tells which. Left as
 * {@link decodePng}, and for colour or fewer bits.
 * @category Files
 */
export const decodeGrey16 = (name: string, bytes: Uint8Array): Either<Failure, GreyImage> => {
  const wrong = (found: string) =>
    E.left(failure(
      "format",
      name,
      found,
      "a grey PNG of 16 or 8 bits",
      "Check that this is the depth map and not its picture.",
    ));
  return pipe(
    decodePng(name, bytes),
    E.chain((png) => {
      if (png.kind === "colour") return wrong("a PNG in colour");
      const { bitDepth } = png.image;
      return bitDepth < 8 ? wrong(`a grey PNG of ${bitDepth} bits`) : E.right(png.image);
    }),
  );
};

/**
 * Decodes any PNG to 8-bit colour; grey is scaled to 0…255 and repeated in the three channels. Left as
 * {@link decodePng}.
 * @category Files
 */
export const decodeRgbPng = (
  name: string,
  bytes: Uint8Array,
  maxMegapixels: number = usualMegapixels,
): Either<Failure, RgbImage> =>
  decodeOnto(name, bytes, maxMegapixels, (header, palette) => colourCanvas(name, header, palette));

/** A chunk of a PNG: length, type of four letters, data, checksum. */
export const pngChunk = (type: string, data: Uint8Array): Uint8Array => {
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
  return pngChunk("IHDR", data);
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
  const data = pngChunk("IDAT", deflateSync(subtractLeft(rows, height, step)));
  return concatenate([bytesOf(pngSignature), header, data, pngChunk("IEND", new Uint8Array(0))]);
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
 * @category Files
 */
export const encodeRgbPng = (image: RgbImage): Uint8Array => {
  const { height, width, pixels } = image;
  checkSize(height, width, 3, pixels.length);
  return assemble(headerChunk(height, width, 8, 2), pixels, height, 3);
};

/**
 * Encodes raw integers in 0…65535 as a grey PNG of 16 bits, as depth is stored (the unit is the caller's). Throws a
 * RangeError where `values` does not hold height × width of them, or there are none.
 * @category Files
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
