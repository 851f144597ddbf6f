import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { type ListEntry, parseList } from "./csv_list.ts";
import { type Dataset, type SampleSource, splitOf } from "./dataset.ts";
import { type DepthCoding, linearDepth } from "./depth_coding.ts";
import { pairSource } from "./pair.ts";
import { sceneLabels } from "./published_dataset.ts";

/** Where a CSV data set lies. */
export interface CsvDatasetOptions {
  /** The folder that holds the list and, at the paths that the list gives, the images. */
  readonly folder: string;
  /** The list's file name in the folder. */
  readonly list: string;
  /** Units of a depth PNG in a metre: 1000 where they are millimetres. */
  readonly depthScale: number;
}

const sourceOf = (folder: string, list: string, coding: DepthCoding) => (entry: ListEntry): SampleSource =>
  pairSource(
    { name: entry.image, scene: entry.scene, where: `${list}, line ${entry.line}` },
    { image: `${folder}/${entry.image}`, depth: `${folder}/${entry.depth}` },
    coding,
  );

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
 * Errors: "file", "format" and "data", naming the file or the line; "data" as well for a depth map whose bits cannot reach
 * a metre at the given scale. @throws RangeError for a scale that is not above 0.
 */
export const csvDataset = (options: CsvDatasetOptions): TaskEither<Failure, Dataset> => {
  const path = `${options.folder}/${options.list}`;
  const source = sourceOf(options.folder, path, linearDepth(options.depthScale));
  return pipe(
    readText(path),
    TE.chainEitherK((text) => parseList(path, text)),
    TE.map((entries): Dataset => {
      const part = (name: string) => entries.filter(({ split }) => split === name).map(source);
      const [train, test] = [part("train"), part("test")];
      return { name: path, scenes: sceneLabels(train), train: splitOf(train), test: splitOf(test) };
    }),
    TE.chainEitherK((dataset) => withoutEmptySplit(dataset, path)),
  );
};
