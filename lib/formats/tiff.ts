import { E, type Either, pipe } from "../dependencies/fp.ts";
import { causedBy, type Failure, failure, FailureError, reasonText } from "../errors.ts";
import { reverseElements } from "./bytes.ts";
import type { RgbImage } from "./raster.ts";
import { decompressBlock, joinFloatBytes, sumDifferences } from "./tiff_blocks.ts";
import { readTiffLayout, type TiffLayout } from "./tiff_directory.ts";

/** Numbers of one type. */
export type TiffValues =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** A decoded TIFF: its numbers as they are stored, row-major, the samples of a pixel side by side. */
export interface TiffImage extends Pick<TiffLayout, "height" | "width" | "samples" | "bits" | "kind" | "noData"> {
  /** What the samples are; "palette" for indices. */
  readonly colour: TiffLayout["colour"];
  /** Reds, then greens, then blues of a palette, of 16 bits; empty without one. */
  readonly palette: readonly number[];
  /** Sample c of the pixel at (row, column) is at index (row · width + column) · samples + c. */
  readonly values: TiffValues;
}

/** Numbers of one type in a buffer. */
const typedIn = (buffer: ArrayBuffer, { kind, bits }: Pick<TiffLayout, "kind" | "bits">): TiffValues => {
  if (kind === "float") {
    return bits === 16 ? new Float16Array(buffer) : bits === 32 ? new Float32Array(buffer) : new Float64Array(buffer);
  }
  if (kind === "signed") {
    return bits === 8 ? new Int8Array(buffer) : bits === 16 ? new Int16Array(buffer) : new Int32Array(buffer);
  }
  return unsignedIn(buffer, bits);
};

const unsignedIn = (buffer: ArrayBuffer, bits: number): Uint8Array | Uint16Array | Uint32Array =>
  bits === 8 ? new Uint8Array(buffer) : bits === 16 ? new Uint16Array(buffer) : new Uint32Array(buffer);

const damaged = (name: string, found: string): Failure =>
  failure("format", name, found, "an undamaged TIFF", "Copy or download the file again.");

/** A block's place: its number, its upper left corner, the rows that it stores, and the sample that it begins with. */
interface Place {
  readonly index: number;
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly sample: number;
}

const placesOf = ({ height, width, block, isTiled, isPlanar, samples }: TiffLayout): readonly Place[] => {
  const [across, down] = [Math.ceil(width / block.width), Math.ceil(height / block.height)];
  return Array.from({ length: across * down * (isPlanar ? samples : 1) }, (_, index) => {
    const top = Math.floor(index / across) % down * block.height;
    return {
      index,
      top,
      left: index % across * block.width,
      rows: isTiled ? block.height : Math.min(block.height, height - top),
      sample: Math.floor(index / (across * down)),
    };
  });
};

/** The numbers of a block. @throws FailureError for one that is damaged. */
const readBlock = (name: string, file: Uint8Array, layout: TiffLayout, { index, rows }: Place): TiffValues => {
  const { bits, compression, predictor, isPlanar, isLittleEndian, block } = layout;
  const samples = isPlanar ? 1 : layout.samples;
  const [rowLength, bytesEach] = [block.width * samples, bits / 8];
  const [offset, size] = layout.blocks[index] ?? [0, 0];
  const bytes = decompressBlock(
    file.subarray(offset, offset + size),
    compression,
    block.height * rowLength * bytesEach,
  );
  if (bytes.length < rows * rowLength * bytesEach) {
    throw new FailureError(damaged(name, `${bytes.length} bytes in block ${index}, too few for its pixels`));
  }
  if (predictor === 3) joinFloatBytes(bytes, rowLength, samples, bytesEach);
  else if (!isLittleEndian) reverseElements(bytes, bytesEach);
  const whole = bytes.buffer.slice(0, rows * rowLength * bytesEach);
  if (predictor === 2) sumDifferences(unsignedIn(whole, bits), rowLength, samples);
  return typedIn(whole, layout);
};

/** Writes a block to where it belongs; what tiles have beyond the picture's edges is left out. */
const placeBlock = (values: TiffValues, layout: TiffLayout, { top, left, rows, sample }: Place, block: TiffValues) => {
  const { height, width, samples, isPlanar } = layout;
  const each = isPlanar ? 1 : samples;
  const columns = Math.min(layout.block.width, width - left);
  for (let row = 0; row < Math.min(rows, height - top); row++) {
    const from = row * layout.block.width * each;
    const to = ((top + row) * width + left) * samples + sample;
    if (!isPlanar) values.set(block.subarray(from, from + columns * each), to);
    else for (let column = 0; column < columns; column++) values[to + column * samples] = block[from + column]!;
  }
};

const readValues = (name: string, bytes: Uint8Array, layout: TiffLayout): TiffValues => {
  const { height, width, samples, bits } = layout;
  const values = typedIn(new ArrayBuffer(height * width * samples * bits / 8), layout);
  for (const place of placesOf(layout)) placeBlock(values, layout, place, readBlock(name, bytes, layout, place));
  return values;
};

/**
 * Decodes a TIFF of one page: grey, colour or a palette, of whole numbers of 8, 16 or 32 bits or floating-point numbers of 16,
 * 32 or 64, in strips or tiles, of either byte order, without compression or with LZW, deflate or PackBits. An orientation is
 * not applied. Left with kind `format` for damaged files and other forms; memory is bounded by what the header announces,
 * which is checked against limits and the file's length first. `name` is the file's, for messages.
 */
export const decodeTiff = (name: string, bytes: Uint8Array): Either<Failure, TiffImage> =>
  pipe(
    readTiffLayout(name, bytes),
    E.chain((layout) =>
      pipe(
        E.tryCatch(
          () => readValues(name, bytes, layout),
          (reason) =>
            reason instanceof FailureError
              ? reason.failure
              : pipe(damaged(name, `pixels that do not decompress (${reasonText(reason)})`), causedBy(reason)),
        ),
        E.map((values) => {
          const { height, width, samples, bits, kind, colour, palette, noData } = layout;
          return { height, width, samples, bits, kind, colour, palette, noData, values };
        }),
      )
    ),
  );

/** Levels of 0…`white` as 0…255, and what they are without it where zero is white. */
const levelOf = ({ bits, colour }: TiffImage): (value: number) => number => {
  const white = 2 ** bits - 1;
  const to8Bits = bits === 8 ? (value: number) => value : (value: number) => Math.round(value * 255 / white);
  return colour === "white is zero" ? (value) => 255 - to8Bits(value) : to8Bits;
};

const paletteColours = (
  name: string,
  { values, palette, height, width, samples }: TiffImage,
): Either<Failure, RgbImage> => {
  const colours = palette.length / 3;
  // Of 16 bits the upper 8 count, whichever way they were made; some writers give 8.
  const shift = palette.some((level) => level > 255) ? 8 : 0;
  const levels = Uint8Array.from(palette, (level) => level >> shift);
  const pixels = new Uint8Array(height * width * 3);
  for (let at = 0; at < height * width; at++) {
    const index = values[at * samples]!;
    if (index >= colours) return E.left(damaged(name, `colour ${index} of a palette of ${colours}`));
    for (let c = 0; c < 3; c++) pixels[at * 3 + c] = levels[index + c * colours]!;
  }
  return E.right({ height, width, pixels });
};

/** The picture of a decoded TIFF at 8 bits; what there is beside colour (alpha) is dropped. */
const colourOf = (name: string, image: TiffImage): Either<Failure, RgbImage> => {
  const { height, width, samples, bits, kind, colour, values } = image;
  if (kind !== "unsigned" || bits > 16) {
    const found = `a TIFF of ${kind === "float" ? "floating-point" : kind} numbers of ${bits} bits`;
    const expected = "a picture of 8 or 16 bits";
    return E.left(failure("format", name, found, expected, "Check that this is the picture and not its depth map."));
  }
  if (colour === "palette") return paletteColours(name, image);
  const level = levelOf(image);
  const step = colour === "colour" ? 1 : 0;
  const pixels = new Uint8Array(height * width * 3);
  for (let at = 0; at < height * width; at++) {
    for (let c = 0; c < 3; c++) pixels[at * 3 + c] = level(values[at * samples + c * step]!);
  }
  return E.right({ height, width, pixels });
};

/**
 * Decodes a TIFF to 8-bit colour: 16 bits are rounded, grey is repeated, palettes are looked up, alpha is dropped. Left as
 * {@link decodeTiff}, and for floating-point numbers, numbers with sign and more than 16 bits, which are no picture.
 */
export const decodeRgbTiff = (name: string, bytes: Uint8Array): Either<Failure, RgbImage> =>
  pipe(decodeTiff(name, bytes), E.chain((image) => colourOf(name, image)));
