import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { ElementType, Hdf5File } from "../formats/hdf5_arrays.ts";
import { readTexts, referencesOf, withMatlab73 } from "../formats/matlab73.ts";
import { checkDimensions, type DepthImage, type RgbImage } from "../formats/raster.ts";

/** What of the file is used. */
export interface NyuFile {
  /** The path of `nyu_depth_v2_labeled.mat`. */
  readonly path: string;
  /** The array of depths in metres: without holes, or as measured. */
  readonly depths: "depths" | "rawDepths";
  /** The array of labels. */
  readonly labels: "sceneTypes" | "scenes";
}

/** What is known of the file before a sample is read. */
export interface NyuContents {
  /** The label of each sample. */
  readonly labels: readonly string[];
  /** Rows of pixels of a sample. */
  readonly height: number;
  /** Pixels in a row of a sample. */
  readonly width: number;
  /** What tells the file from one that took its name. */
  readonly identity: string;
}

const mostSamples = 1_000_000;

const shapeOf = (
  path: string,
  file: Hdf5File,
  name: string,
  rank: number,
  wanted: ElementType,
): Either<Failure, readonly number[]> =>
  pipe(
    file.array(name),
    E.filterOrElse(
      ({ shape, type }) => type === wanted && shape.length === rank,
      ({ shape, type }) =>
        failure("format", path, `${name} with axes ${shape.join("×")} of ${type}`, `${rank} axes of ${wanted}`),
    ),
    E.map(({ shape }) => shape),
  );

type Size = Pick<NyuContents, "height" | "width"> & { readonly count: number };

const sizeOf = ({ path, depths }: NyuFile, file: Hdf5File): Either<Failure, Size> => {
  const images = shapeOf(path, file, "images", 4, "uint8");
  if (E.isLeft(images)) return images;
  const metres = shapeOf(path, file, depths, 3, "float32");
  if (E.isLeft(metres)) return metres;
  const [[count = 0, channels = 0, width = 0, height = 0], found] = [images.right, metres.right];
  const expected = [count, width, height].join("×");
  if (channels !== 3 || found.join("×") !== expected) {
    const shapes = `images of ${images.right.join("×")} and ${depths} of ${found.join("×")}`;
    return E.left(failure("format", path, shapes, "samples×3×width×height and samples×width×height"));
  }
  if (count < 1 || count > mostSamples) {
    return E.left(failure("format", path, `${count} samples`, `1 to ${mostSamples}`));
  }
  return pipe(checkDimensions(path, height, width), E.map(() => ({ count, height, width })));
};

/**
 * Sizes and labels of the file; of the samples nothing is read.
 *
 * Errors: "file", and "format" for another MATLAB version, for damage, and for arrays that are not there, not of the
 * published types, or that disagree.
 */
export const openNyu = (wanted: NyuFile): TaskEither<Failure, NyuContents> =>
  withMatlab73(wanted.path, (file) =>
    pipe(
      sizeOf(wanted, file),
      E.chain(({ count, height, width }) =>
        pipe(
          referencesOf(file),
          E.chain((references) => readTexts(wanted.path, file, references, wanted.labels, count)),
          E.map((labels) => ({ labels, height, width, identity: file.identity })),
        )
      ),
    ));

/** Row-major pixels of planes that are stored column by column, as MATLAB does. */
const imageOf = (planes: Uint8Array, height: number, width: number): RgbImage => {
  const pixels = new Uint8Array(height * width * 3);
  for (let channel = 0; channel < 3; channel++) {
    for (let column = 0; column < width; column++) {
      const from = (channel * width + column) * height;
      for (let row = 0; row < height; row++) pixels[(row * width + column) * 3 + channel] = planes[from + row]!;
    }
  }
  return { height, width, pixels };
};

const depthOf = (bytes: Uint8Array, height: number, width: number): DepthImage => {
  const columns = new Float32Array(bytes.slice().buffer);
  const metres = new Float32Array(height * width);
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) metres[row * width + column] = columns[column * height + row]!;
  }
  return { height, width, metres };
};

const checkedDepth = (where: string, depth: DepthImage): Either<Failure, DepthImage> => {
  const wrong = depth.metres.find((metres) => !(metres >= 0 && metres < Infinity));
  if (wrong !== undefined) return E.left(failure("data", where, `a depth of ${wrong}`, "metres, 0 or more"));
  const expected = "at least one measured pixel";
  return depth.metres.some((metres) => metres > 0)
    ? E.right(depth)
    : E.left(failure("data", where, "no valid depth (all 0)", expected));
};

const checkUnchanged = (path: string, file: Hdf5File, { identity }: NyuContents): Either<Failure, void> =>
  file.identity === identity
    ? E.right(undefined)
    : E.left(failure("file", path, "a file that was changed while it was read", "one that stays as it is"));

/**
 * Picture and depth of the sample at an index; only its own chunks of the file are read.
 *
 * @param where how messages name the sample.
 *
 * Errors: "file", also if the file was changed since it was opened; "format" for damage, and "data" for depth that is
 * negative, not finite or nowhere measured.
 */
export const readNyu = (
  { path, depths }: NyuFile,
  contents: NyuContents,
  index: number,
  where: string,
): TaskEither<Failure, { readonly image: RgbImage; readonly depth: DepthImage }> => {
  const { height, width } = contents;
  const blocks = withMatlab73(path, (file) =>
    pipe(
      checkUnchanged(path, file, contents),
      E.chain(() => file.read("images", [index, 0, 0, 0], [1, 3, width, height])),
      E.chain((planes) =>
        pipe(file.read(depths, [index, 0, 0], [1, width, height]), E.map((columns) => ({ planes, columns })))
      ),
    ));
  return pipe(
    blocks,
    TE.chainEitherK(({ planes, columns }) =>
      pipe(
        checkedDepth(where, depthOf(columns, height, width)),
        E.map((depth) => ({ image: imageOf(planes, height, width), depth })),
      )
    ),
  );
};
