import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { decodeDepthFile, type StoredDepth } from "../formats/depth_file.ts";
import { readBytes } from "../formats/files.ts";
import type { DepthImage, RasterSize, RgbImage } from "../formats/raster.ts";
import type { FileSizes, Intrinsics, OriginalFiles, SampleEntry, SampleSource } from "./dataset.ts";
import { resizeImage, resizeIntrinsics } from "./resize.ts";
import { decodeStored, layOnDepth, type StoredPicture, type Turning } from "./turning.ts";

/**
 * What the numbers of a depth file mean: metres, row-major, 0 = no measurement, from the numbers as they are stored. `path` is
 * the file's, for messages. Left with kind `data` where the file cannot be what is declared.
 * @category Data
 */
export type DepthCoding = (stored: StoredDepth, path: string) => Either<Failure, Float32Array>;

/** Levels as metres by a function of a level above 0; others are 0. */
export const metresBy = (values: ArrayLike<number>, metresOf: (level: number) => number): Float32Array => {
  const metres = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const level = values[at]!;
    if (level > 0) metres[at] = metresOf(level);
  }
  return metres;
};

/** Nothing that is nearer: then floating-point numbers that are taken for metres are millimetres, or no depth. */
const nearestInMetres = 100;

/**
 * Floating-point numbers as metres: so many of them are a metre. NaN, infinities and what is not above 0 are no measurement,
 * as the files of LiDAR, stereo and renderers have them.
 */
const floatMetres = (values: ArrayLike<number>, unitsPerMetre: number): Float32Array =>
  metresBy(values, (value) => {
    const metres = Math.fround(value / unitsPerMetre);
    return metres < Infinity ? metres : 0;
  });

/**
 * Floating-point numbers that are metres unless `given` says how many are one. Left with kind `data` where they are not
 * declared and none is within 100 m: millimetres would pass for kilometres.
 */
export const floatDepth = (given?: number): DepthCoding => ({ values }, path) => {
  const metres = floatMetres(values, given ?? 1);
  const nearest = metres.reduce((least, depth) => depth > 0 && depth < least ? depth : least, Infinity);
  return given !== undefined || nearest <= nearestInMetres || nearest === Infinity ? E.right(metres) : E.left(
    failure(
      "data",
      path,
      `floating-point depth of which nothing is nearer than ${nearest.toFixed(1)}`,
      "metres",
      "If they are millimetres, set data.depthScale=1000 (--depth-scale 1000 for --truth); if they are metres, 1.",
    ),
  );
};

const wrongBits = (path: string, found: number, expected: string): Failure =>
  failure(
    "data",
    path,
    `a depth map of ${found} bits`,
    expected,
    "Check that this is the original depth map and not a preview of it, and that the scale of depth is right.",
  );

/**
 * A coding that takes depth maps of whole numbers of so many bits only, 16 standing for more as well. `declared` says in a
 * message what they are said to be. Floating-point numbers are left to the coding.
 */
export const ofBits = (bits: 8 | 16, declared: string, coding: DepthCoding): DepthCoding => (stored, path) =>
  stored.isFloat || Math.min(stored.bitDepth, 16) === bits
    ? coding(stored, path)
    : E.left(wrongBits(path, stored.bitDepth, `${bits} bits, as ${declared}`));

/**
 * Levels in proportion to depth: so many of them are a metre. Of 16 bits, or of 8 if those reach a metre: fewer would be a
 * preview of a depth map, such as one of millimetres cut down to bytes. Floating-point numbers are metres, unless `given`, the
 * scale that somebody has set, says how many are one, as {@link floatDepth}.
 *
 * @throws RangeError for a scale that is not above 0: a bug of the caller.
 * @category Data
 */
export const linearDepth = (unitsPerMetre: number, given?: number): DepthCoding => {
  if (!(unitsPerMetre > 0 && Number.isFinite(unitsPerMetre))) {
    throw new RangeError(`${unitsPerMetre} units cannot be a metre`);
  }
  const ofFloats = floatDepth(given);
  return (stored, path) => {
    if (stored.isFloat) return ofFloats(stored, path);
    return 2 ** stored.bitDepth - 1 < unitsPerMetre
      ? E.left(wrongBits(path, stored.bitDepth, `one that reaches a metre, which is ${unitsPerMetre} units`))
      : E.right(metresBy(stored.values, (level) => level / unitsPerMetre));
  };
};

/** The coding of levels of which so many are a metre: as given, or else as usual. */
export const scaledDepth = (given: number | undefined, usual: number): DepthCoding =>
  linearDepth(given ?? usual, given);

/** A coding whose depths must not exceed `most` metres; `advice` says what else the levels may mean. */
export const atMost =
  (most: number, expected: string, advice: string, coding: DepthCoding): DepthCoding => (stored, path) =>
    pipe(
      coding(stored, path),
      E.chain((metres) => {
        const far = metres.find((depth) => depth > most);
        return far === undefined
          ? E.right(metres)
          : E.left(failure("data", path, `a depth of ${far.toFixed(3)} m`, expected, advice));
      }),
    );

/** A picture and its ground truth, of the same height and width, with at least one measured pixel.
 * @category Data */
export interface Pair {
  /** The picture. */
  readonly image: RgbImage;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** The sizes in their files, where they differ: the picture was brought to that of its depth. */
  readonly fileSizes?: FileSizes;
  /** What the picture's file asks viewers to do with it, if anything, and whether that was done. */
  readonly turning?: Turning;
}

/** The files of a {@link Pair}: paths as the program sees them.
 * @category Data */
export interface PairFiles {
  /** A picture in one of the formats that are read. */
  readonly image: string;
  /** A depth map in one of the formats that are read. */
  readonly depth: string;
}

/** How far the ratios of width to height may be apart: 1296×968 (ScanNet) and 640×480 are 0.4 %, 4:3 and 3:2 12 %. */
const sameAspect = 0.02;

const areAlike = (image: RasterSize, depth: RasterSize): boolean =>
  Math.abs(image.width * depth.height / (image.height * depth.width) - 1) <= sameAspect;

/**
 * Picture and depth of one size. Depth keeps its own, larger or smaller, so that no measurement is made up, lost or averaged;
 * the picture is resized to it where both show the same, as their ratios of width to height tell.
 */
const aligned = ({ image, depth }: Pair, path: string): Either<Failure, Pair> => {
  if (image.height === depth.height && image.width === depth.width) return E.right({ image, depth });
  if (areAlike(image, depth)) {
    const { height, width } = depth;
    const fileSizes = { image: { height: image.height, width: image.width }, depth: { height, width } };
    return E.right({ image: resizeImage(height, width)(image), depth, fileSizes });
  }
  const found = `a depth map of ${depth.width}×${depth.height} pixels`;
  return E.left(
    failure("data", path, found, `${image.width}×${image.height} pixels, as its image, or another size of that shape`),
  );
};

/**
 * The pair, if picture and ground truth belong together; a picture of another size is brought to that of its depth. Errors:
 * "data" at `path`, the depth map's, if they are of different shapes (by more than 2 %) or nothing was measured.
 */
export const checkedPair = (pair: Pair, path: string): Either<Failure, Pair> =>
  pipe(
    aligned(pair, path),
    E.filterOrElse(
      ({ depth }) => depth.metres.some((metres) => metres > 0),
      () => failure("data", path, "no valid depth (all 0)", "at least one measured pixel", "Leave this sample out."),
    ),
  );

/** The pair of a picture, as it lies on its depth map. Errors: those of {@link checkedPair}. */
export const pairOf = (stored: StoredPicture, depth: DepthImage, path: string): Either<Failure, Pair> => {
  const { image, turning } = layOnDepth(stored, depth);
  return pipe(
    checkedPair({ image, depth }, path),
    E.map((pair) => turning === undefined ? pair : { ...pair, turning }),
  );
};

/** The camera of a picture's file, in pixels of the size that the pair has. */
export const pairCamera = ({ fileSizes }: Pair, intrinsics: Intrinsics | null): Intrinsics | null => {
  if (intrinsics === null || fileSizes === undefined) return intrinsics;
  const { image, depth } = fileSizes;
  return resizeIntrinsics(intrinsics, depth.height / image.height, depth.width / image.width);
};

const readDepth = (path: string, coding: DepthCoding): TaskEither<Failure, DepthImage> =>
  pipe(
    readBytes(path, "picture"),
    TE.chain((bytes) => decodeDepthFile(path, bytes)),
    TE.chainEitherK((stored) =>
      pipe(coding(stored, path), E.map((metres) => ({ height: stored.height, width: stored.width, metres })))
    ),
  );

/**
 * Reads a picture and its depth map, each in the format that its first bytes tell. Errors: "file" and "format" as the readers
 * of files, "data" as the coding and {@link checkedPair}; each names the file that is wrong.
 * @category Data
 */
export const readPair = (files: PairFiles, coding: DepthCoding): TaskEither<Failure, Pair> =>
  pipe(
    readBytes(files.image, "picture"),
    TE.chain((bytes) => decodeStored(files.image, bytes)),
    TE.chain((stored) =>
      pipe(readDepth(files.depth, coding), TE.chainEitherK((depth) => pairOf(stored, depth, files.depth)))
    ),
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
