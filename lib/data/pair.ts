import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readBytes } from "../formats/files.ts";
import { decodeImage } from "../formats/image.ts";
import { decodeGrey16 } from "../formats/png.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import type { SampleEntry, SampleSource } from "./dataset.ts";
import type { DepthCoding } from "./depth_coding.ts";

/** A picture and its ground truth, of the same height and width, with at least one measured pixel. */
export interface Pair {
  /** The picture. */
  readonly image: RgbImage;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthImage;
}

/** The files of a {@link Pair}: paths as the program sees them. */
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

/** The same reading, whose failures say as well where the sample is listed. */
export const listedAt = <A>(where: string, read: TaskEither<Failure, A>): TaskEither<Failure, A> =>
  pipe(read, TE.mapLeft((found) => ({ ...found, details: [...found.details ?? [], `Listed in ${where}.`] })));

/** A listed pair of files as a sample without intrinsics; its failures name the file and where it is listed. */
export const pairSource = (entry: SampleEntry, files: PairFiles, coding: DepthCoding): SampleSource => ({
  ...entry,
  read: listedAt(
    entry.where,
    pipe(
      readPair(files, coding),
      TE.map((pair) => ({ ...pair, name: entry.name, scene: entry.scene, intrinsics: null })),
    ),
  ),
});
