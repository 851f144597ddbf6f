import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readBytes, readText } from "../formats/files.ts";
import { decodeImage } from "../formats/image.ts";
import { decodeGrey16 } from "../formats/png.ts";
import type { DepthImage, RgbImage } from "../formats/raster.ts";
import { type ListEntry, parseList } from "./csv_list.ts";
import { type Dataset, type SampleSource, splitOf } from "./dataset.ts";
import type { Sample } from "./sample.ts";

/** Where a CSV data set lies. */
export interface CsvDatasetOptions {
  /** The folder that holds the list and, at the paths that the list gives, the images. */
  readonly folder: string;
  /** The list's file name in the folder. */
  readonly list: string;
  /** Units of a depth PNG in a metre: 1000 where they are millimetres. */
  readonly depthScale: number;
}

const readImage = (path: string): TaskEither<Failure, RgbImage> =>
  pipe(readBytes(path), TE.chain((bytes) => decodeImage(path, bytes)));

const readDepth = (path: string, scale: number): TaskEither<Failure, DepthImage> =>
  pipe(
    readBytes(path),
    TE.chainEitherK((bytes) => decodeGrey16(path, bytes)),
    TE.map(({ height, width, values }) => ({ height, width, metres: new Float32Array(values).map((v) => v / scale) })),
  );

const checkedPair = (image: RgbImage, depth: DepthImage, path: string): Either<Failure, void> => {
  if (image.height !== depth.height || image.width !== depth.width) {
    const found = `a depth map of ${depth.width}×${depth.height} pixels`;
    return E.left(failure("data", path, found, `${image.width}×${image.height} pixels, as its image`));
  }
  return depth.metres.some((metres) => metres > 0) ? E.right(undefined) : E.left(
    failure("data", path, "no valid depth (all 0)", "at least one measured pixel", "Take this line out of the list."),
  );
};

const readSample = (options: CsvDatasetOptions) => (entry: ListEntry): TaskEither<Failure, Sample> => {
  const depthPath = `${options.folder}/${entry.depth}`;
  const withDepth = (image: RgbImage): TaskEither<Failure, Sample> =>
    pipe(
      readDepth(depthPath, options.depthScale),
      TE.chainFirstEitherK((depth) => checkedPair(image, depth, depthPath)),
      TE.map((depth) => ({ name: entry.image, image, depth, scene: entry.scene, intrinsics: null })),
    );
  return pipe(readImage(`${options.folder}/${entry.image}`), TE.chain(withDepth));
};

const sourceOf = (options: CsvDatasetOptions, list: string) => (entry: ListEntry): SampleSource => ({
  name: entry.image,
  scene: entry.scene,
  where: `${list}, line ${entry.line}`,
  read: readSample(options)(entry),
});

const sceneLabels = (entries: readonly ListEntry[]): readonly string[] =>
  [...new Set(entries.flatMap(({ scene, split }) => scene !== null && split === "train" ? [scene] : []))].sort();

/** Errors if one of the splits has no sample. */
const withoutEmptySplit = (dataset: Dataset, path: string): Either<Failure, Dataset> => {
  const empty = ([["train", dataset.train], ["test", dataset.test]] as const).find(([, split]) => split.size === 0);
  return empty === undefined ? E.right(dataset) : E.left(
    failure("data", path, `no line of the split "${empty[0]}"`, 'lines with "train" and "test" in the column split'),
  );
};

/**
 * A data set of image files (JPEG or PNG) and grey depth PNGs, listed in a CSV with the columns image, depth, scene, split
 * (train or test; lines of other splits are left out). Depth 0 is no measurement.
 *
 * Errors: "file", "format" and "data", naming the file or the line.
 */
export const csvDataset = (options: CsvDatasetOptions): TaskEither<Failure, Dataset> => {
  const path = `${options.folder}/${options.list}`;
  return pipe(
    readText(path),
    TE.chainEitherK((text) => parseList(path, text)),
    TE.map((entries): Dataset => {
      const part = (name: string) => entries.filter(({ split }) => split === name).map(sourceOf(options, path));
      return { name: path, scenes: sceneLabels(entries), train: splitOf(part("train")), test: splitOf(part("test")) };
    }),
    TE.chainEitherK((dataset) => withoutEmptySplit(dataset, path)),
  );
};
