import { CsvError, parseCsv } from "../dependencies/codecs.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { type Dataset, type SampleSource, sceneLabels, splitOf } from "./dataset.ts";
import { belowRoot } from "./folders.ts";
import { type DepthCoding, linearDepth, pairSource } from "./pair.ts";

/** The fields of a row and the line on which it begins: empty lines and line breaks inside quotes count too. */
export interface CsvRow {
  /** In the order of the columns. */
  readonly fields: readonly string[];
  /** Counted from 1, as an editor does. */
  readonly line: number;
}

/**
 * The rows of comma-separated values, without spaces around fields and without empty lines. `name` is the file's, for
 * messages.
 *
 * Errors: "data", naming the line, for quotes that do not match and for lines with more or fewer fields than the first.
 */
export const parseRows = (name: string, text: string): Either<Failure, readonly CsvRow[]> => {
  const rows: CsvRow[] = [];
  const keep = (fields: string[], { lines }: { readonly lines: number }): string[] => {
    const breaks = fields.reduce((sum, field) => sum + field.split("\n").length - 1, 0);
    rows.push({ fields, line: lines - breaks });
    return fields;
  };
  // Inside quotes csv-parse counts \r\n as two lines.
  const lines = text.replaceAll(/\r\n?/g, "\n");
  try {
    parseCsv(lines, { bom: true, skip_empty_lines: true, trim: true, on_record: keep });
    return E.right(rows);
  } catch (error) {
    const line = error instanceof CsvError && typeof error.lines === "number" ? `, line ${error.lines}` : "";
    return E.left(failure("data", `${name}${line}`, reasonText(error), "comma-separated values, as many in each line"));
  }
};

/** One line of a list of images and depths; paths are relative to the list's folder. */
export interface ListEntry {
  /** The picture's path. */
  readonly image: string;
  /** The depth map's path. */
  readonly depth: string;
  /** The label of the scene; null for an empty field, or without such a column. */
  readonly scene: string | null;
  /** The split that the line belongs to, such as `train`. */
  readonly split: string;
  /** The line of the list, counted from 1, for messages. */
  readonly line: number;
}

const required = ["image", "depth", "split"] as const;

const entryOf =
  (name: string, columns: ReadonlyMap<string, number>) => ({ fields, line }: CsvRow): Either<Failure, ListEntry> => {
    const value = (column: string): string => fields[columns.get(column) ?? -1] ?? "";
    const empty = required.find((column) => value(column) === "");
    if (empty !== undefined) {
      return E.left(failure("data", `${name}, line ${line}, column ${empty}`, "nothing", "a value"));
    }
    const scene = value("scene") === "" ? null : value("scene");
    return pipe(
      E.sequenceArray([value("image"), value("depth")].map((path) => belowRoot(path, `${name}, line ${line}`))),
      E.map(() => ({ image: value("image"), depth: value("depth"), scene, split: value("split"), line })),
    );
  };

/**
 * The entries of a CSV list with the columns image, depth, split and, if scenes are labelled, scene; others are ignored.
 *
 * Errors: "data", naming the list and the line, for missing columns or values and for paths that leave the list's folder.
 */
export const parseList = (name: string, text: string): Either<Failure, readonly ListEntry[]> => {
  const parsed = parseRows(name, text);
  if (E.isLeft(parsed)) return parsed;
  const [first, ...rows] = parsed.right;
  const heading = first?.fields ?? [];
  const columns = new Map(heading.map((column, index) => [column, index]));
  const twice = heading.find((column, index) => columns.get(column) !== index);
  if (twice !== undefined) return E.left(failure("data", name, `two columns "${twice}"`, "each column once"));
  const missing = required.filter((column) => !columns.has(column));
  if (missing.length > 0) {
    const found = first === undefined
      ? "an empty file"
      : `no column ${missing.join(", ")} (there are: ${heading.join(", ")})`;
    const expected = `the columns ${required.join(", ")} and, optionally, scene in the first line`;
    return E.left(
      failure("data", name, found, expected),
    );
  }
  return E.sequenceArray(rows.map(entryOf(name, columns)));
};

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
