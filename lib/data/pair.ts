import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readBytes } from "../formats/files.ts";
import { decodeImage } from "../formats/image.ts";
import { decodeGrey16, type GreyImage } from "../formats/png.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { OriginalFiles, SampleEntry, SampleSource } from "./dataset.ts";

/**
 * What the levels of a depth PNG mean: metres, row-major, 0 = no measurement, from the levels as they are stored. `path` is
 * the file's, for messages. Left with kind `data` where the picture cannot be what is declared.
 */
export type DepthCoding = (grey: GreyImage, path: string) => Either<Failure, Float32Array>;

/** Levels as metres by a function of a level that is not 0; 0 stays 0. */
export const metresBy = (values: Uint16Array, metresOf: (level: number) => number): Float32Array => {
  const metres = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const level = values[at]!;
    if (level !== 0) metres[at] = metresOf(level);
  }
  return metres;
};

const wrongBits = (path: string, found: number, expected: string): Failure =>
  failure(
    "data",
    path,
    `a depth map of ${found} bits`,
    expected,
    "Check that this is the original depth map and not a preview of it, and that the scale of depth is right.",
  );

/** A coding that takes depth maps of so many bits only. `declared` says in a message what they are said to be. */
export const ofBits = (bits: 8 | 16, declared: string, coding: DepthCoding): DepthCoding => (grey, path) =>
  grey.bitDepth === bits ? coding(grey, path) : E.left(wrongBits(path, grey.bitDepth, `${bits} bits, as ${declared}`));

/**
 * Levels in proportion to depth: so many of them are a metre. Of 16 bits, or of 8 if those reach a metre: fewer would be a
 * preview of a depth map, such as one of millimetres cut down to bytes.
 *
 * @throws RangeError for a scale that is not above 0: a bug of the caller.
 */
export const linearDepth = (unitsPerMetre: number): DepthCoding => {
  if (!(unitsPerMetre > 0 && Number.isFinite(unitsPerMetre))) {
    throw new RangeError(`${unitsPerMetre} units cannot be a metre`);
  }
  return ({ values, bitDepth }, path) =>
    2 ** bitDepth - 1 < unitsPerMetre
      ? E.left(wrongBits(path, bitDepth, `one that reaches a metre, which is ${unitsPerMetre} units`))
      : E.right(metresBy(values, (level) => level / unitsPerMetre));
};

/** A coding whose depths must not exceed `most` metres; `advice` says what else the levels may mean. */
export const atMost =
  (most: number, expected: string, advice: string, coding: DepthCoding): DepthCoding => (grey, path) =>
    pipe(
      coding(grey, path),
      E.chain((metres) => {
        const far = metres.find((depth) => depth > most);
        return far === undefined
          ? E.right(metres)
          : E.left(failure("data", path, `a depth of ${far.toFixed(3)} m`, expected, advice));
      }),
    );

/** A picture and its ground truth, of the same height and width, with at least one measured pixel. */
export interface Pair {
  /** The picture. */
  readonly image: RgbImage;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthImage;
}

/** The files of a {@link PanelPair}: paths as the program sees them. */
export interface PairFiles {
  /** A JPEG or PNG. */
  readonly image: string;
  /** A grey PNG. */
  readonly depth: string;
}

/**
 * The pair, if picture and ground truth belong together. Errors: "data" at `path`, the depth map's, if the sizes disagree
 * or nothing was measured.
 */
export const checkedPair = (pair: Pair, path: string): Either<Failure, Pair> => {
  const { image, depth } = pair;
  if (image.height !== depth.height || image.width !== depth.width) {
    const found = `a depth map of ${depth.width}×${depth.height} pixels`;
    return E.left(failure("data", path, found, `${image.width}×${image.height} pixels, as its image`));
  }
  return depth.metres.some((metres) => metres > 0) ? E.right(pair) : E.left(
    failure("data", path, "no valid depth (all 0)", "at least one measured pixel", "Leave this sample out."),
  );
};

const readDepth = (path: string, coding: DepthCoding): TaskEither<Failure, DepthImage> =>
  pipe(
    readBytes(path),
    TE.chainEitherK((bytes) => decodeGrey16(path, bytes)),
    TE.chainEitherK((grey) =>
      pipe(coding(grey, path), E.map((metres) => ({ height: grey.height, width: grey.width, metres })))
    ),
  );

/**
 * Reads a picture and its depth map. Errors: "file" and "format" as the readers of files, "data" as the coding and
 * {@link checkedPair}; each names the file that is wrong.
 */
export const readPair = (files: PairFiles, coding: DepthCoding): TaskEither<Failure, Pair> =>
  pipe(
    readBytes(files.image),
    TE.chain((bytes) => decodeImage(files.image, bytes)),
    TE.chain((image) => pipe(readDepth(files.depth, coding), TE.map((depth) => ({ image, depth })))),
    TE.chainEitherK((pair) => checkedPair(pair, files.depth)),
  );

/** The bytes of a picture's and a depth map's files. */
export const originalsOf = ({ image, depth }: PairFiles): OriginalFiles => ({
  image: readBytes(image),
  depth: readBytes(depth),
});

/** The same reading, whose failures say as well where the sample is listed. */
export const listedAt = <A>(where: string, read: TaskEither<Failure, A>): TaskEither<Failure, A> =>
  pipe(read, TE.mapLeft((found) => ({ ...found, details: [...found.details ?? [], `Listed in ${where}.`] })));

/** A listed pair of files as a sample without intrinsics; its failures name the file and where it is listed. */
export const pairSource = (entry: SampleEntry, files: PairFiles, coding: DepthCoding): SampleSource => ({
  ...entry,
  originals: originalsOf(files),
  read: listedAt(
    entry.where,
    pipe(
      readPair(files, coding),
      TE.map((pair) => ({ ...pair, name: entry.name, scene: entry.scene, intrinsics: null })),
    ),
  ),
});
