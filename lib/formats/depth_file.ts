import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { otherKind } from "./file_kinds.ts";
import { decodeNpy, type NpyArray } from "./npy.ts";
import { depthFileFormats, formatNames, formatOf } from "./picture_formats.ts";
import { decodeGrey16 } from "./png.ts";
import { checkDimensions } from "./raster.ts";
import type { TiffImage } from "./tiff.ts";

/** A depth map as its file stores it, row-major. What its numbers mean is for the layout of a data set to say.
 * @category Files */
export interface StoredDepth {
  /** Rows of pixels. */
  readonly height: number;
  /** Pixels in a row. */
  readonly width: number;
  /** The number of the pixel at (row, column), as stored in the file, is at index row · width + column. */
  readonly values: ArrayLike<number>;
  /** Bits in which the file stores a number. */
  readonly bitDepth: 8 | 16 | 32 | 64;
  /** Whether they are floating-point numbers, which may be NaN or infinite, and not whole ones. */
  readonly isFloat: boolean;
}

const wrong = (name: string, found: string, expected: string, advice: string): Either<Failure, never> =>
  E.left(failure("format", name, found, expected, advice));

const original = "Check that this is the depth map and not its picture.";

/** The rows and columns of an array of two dimensions, or of one more at its ends that is 1. */
const sidesOf = (shape: readonly number[]): readonly number[] => {
  if (shape.length <= 2) return shape;
  if (shape[0] === 1) return sidesOf(shape.slice(1));
  return shape.at(-1) === 1 ? sidesOf(shape.slice(0, -1)) : shape;
};

const fromArray = (name: string) => ({ shape, values, elements }: NpyArray): Either<Failure, StoredDepth> => {
  const [height, width, ...more] = sidesOf(shape);
  if (height === undefined || width === undefined || more.length > 0) {
    return wrong(
      name,
      `an array of shape [${shape.slice(0, 8)}]`,
      "(rows, columns), with 1 beside them or not",
      original,
    );
  }
  const isFloat = elements === "float";
  const bitDepth = elements === "float" ? values instanceof Float32Array ? 32 : 64 : elements;
  return pipe(checkDimensions(name, height, width), E.map(() => ({ height, width, values, bitDepth, isFloat })));
};

const fromTiff = (name: string) => (image: TiffImage): Either<Failure, StoredDepth> => {
  const { height, width, samples, bits, kind, colour, noData, values } = image;
  if (samples !== 1 || colour !== "grey") {
    const found = samples === 1 ? `a TIFF whose numbers mean: ${colour}` : `a TIFF of ${samples} numbers a pixel`;
    return wrong(name, found, "one number a pixel, where zero is black", original);
  }
  const missing = values instanceof Float32Array && noData !== null ? Math.fround(noData) : noData;
  const known = missing === null ? values : Float64Array.from(values, (value) => value === missing ? 0 : value);
  return E.right({ height, width, values: known, bitDepth: bits, isFloat: kind === "float" });
};

/**
 * Decodes a depth map in one of {@link depthFileFormats}, which its first bytes tell: a grey PNG of 8 or 16 bits; a TIFF of one
 * number a pixel; the array of an NPY file, (rows, columns) with further dimensions of 1 or without; the only array of an NPZ
 * file, or that of the name `depth`. What a TIFF calls "no data" (GDAL) is 0. Left with kind `format` as the decoders, and for
 * other bytes, colour and other shapes. `name` is the file's, for messages.
 * @category Files
 */
export const decodeDepthFile = (name: string, bytes: Uint8Array): TaskEither<Failure, StoredDepth> => {
  switch (formatOf(depthFileFormats, bytes)) {
    case "NPY":
      return TE.fromEither(pipe(decodeNpy(name, bytes), E.chain(fromArray(name))));
    case "NPZ":
      return async () => {
        const { decodeNpz } = await import("./npz.ts");
        return await pipe(decodeNpz(name, bytes, "depth"), TE.chainEitherK(fromArray(name)))();
      };
    case "TIFF":
      return async () => {
        const { decodeTiff } = await import("./tiff.ts");
        return pipe(decodeTiff(name, bytes), E.chain(fromTiff(name)));
      };
    case "PNG":
      return TE.fromEither(
        pipe(
          decodeGrey16(name, bytes),
          E.chain(({ height, width, values, bitDepth }) =>
            bitDepth === 8 || bitDepth === 16
              ? E.right({ height, width, values, bitDepth, isFloat: false })
              : wrong(name, `a grey PNG of ${bitDepth} bits`, "one of 16 or 8 bits", original)
          ),
        ),
      );
    default:
      return TE.left(otherKind(name, bytes, formatNames(depthFileFormats), original));
  }
};
