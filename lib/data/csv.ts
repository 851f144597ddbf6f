import { CsvError, parseCsv } from "../dependencies/codecs.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { basename, dirname, join } from "../dependencies/text.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { type Omission, type PublishedDataset, publishedDataset, type SampleSource } from "./dataset.ts";
import { belowRoot } from "./folders.ts";
import { requiredColumns, strangeHeading } from "./list_text.ts";
import { type DepthCoding, pairSource, scaledDepth } from "./pair.ts";

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

/** The split of a line: `val` is tested on where nothing is of `test`, else kept apart; `gap` is always left out. */
export type ListSplit = "train" | "val" | "test" | "gap";

const splitNames: ReadonlyMap<string, ListSplit> = new Map([
  ...["train", "training"].map((name) => [name, "train"] as const),
  ...["val", "valid", "validation"].map((name) => [name, "val"] as const),
  ...["test", "testing"].map((name) => [name, "test"] as const),
  // Frames between those of training and of the test, which neither side may see: a list says so on purpose.
  ["gap", "gap"],
]);

/** One line of a list of images and depths; paths are relative to the list's folder. */
export interface ListEntry {
  /** The picture's path. */
  readonly image: string;
  /** The depth map's path. */
  readonly depth: string;
  /** The label of the scene; null for an empty field, or without such a column. */
  readonly scene: string | null;
  /** The split that the line belongs to. */
  readonly split: ListSplit;
  /** The line of the list, counted from 1, for messages. */
  readonly line: number;
}

const unknownSplit = (where: string, found: string): Failure =>
  failure(
    "data",
    `${where}, column split`,
    JSON.stringify(found.slice(0, 80)),
    "train, val, test, or gap for lines that are left out",
    "Also training, valid, validation and testing, in any case.",
  );

/** What the fields of a row say by the columns that a list has. */
type RowReader = (row: CsvRow) => Either<Failure, ListEntry>;

const entryOf =
  (name: string, columns: ReadonlyMap<string, number>, usual: ListSplit | null): RowReader => ({ fields, line }) => {
    const where = `${name}, line ${line}`;
    const value = (column: string): string => fields[columns.get(column) ?? -1] ?? "";
    const empty = requiredColumns.find((column) => columns.has(column) && value(column) === "");
    if (empty !== undefined) return E.left(failure("data", `${where}, column ${empty}`, "nothing", "a value"));
    const scene = value("scene") === "" ? null : value("scene");
    const split = columns.has("split") ? splitNames.get(value("split").toLowerCase()) : usual;
    if (split === undefined || split === null) return E.left(unknownSplit(where, value("split")));
    return pipe(
      E.sequenceArray([value("image"), value("depth")].map((path) => belowRoot(path, where))),
      E.map(() => ({ image: value("image"), depth: value("depth"), scene, split, line })),
    );
  };

/**
 * The entries of a CSV list with the columns image, depth, split and, if scenes are labelled, scene; others are ignored.
 * `usual` is the split of all lines of a list without the column split; there is none unless it is given.
 *
 * Errors: "data", naming the list and the line, for missing columns or values, for splits that are not known, and for paths
 * that leave the list's folder.
 */
export const parseList = (
  name: string,
  text: string,
  usual: ListSplit | null = null,
): Either<Failure, readonly ListEntry[]> => {
  const parsed = parseRows(name, text);
  if (E.isLeft(parsed)) return parsed;
  const [first, ...rows] = parsed.right;
  const heading = first?.fields ?? [];
  const columns = new Map(heading.map((column, index) => [column, index]));
  const twice = heading.find((column, index) => columns.get(column) !== index);
  if (twice !== undefined) return E.left(failure("data", name, `two columns "${twice}"`, "each column once"));
  const missing = requiredColumns.filter((column) => !columns.has(column) && !(column === "split" && usual !== null));
  if (missing.length > 0) return E.left(strangeHeading(name, heading.join(",")));
  return E.sequenceArray(rows.map(entryOf(name, columns, usual)));
};

/** Where a CSV data set lies.
 * @category Data */
export interface CsvDatasetOptions {
  /** The folder that holds the lists and, at the paths that they give, the images. */
  readonly folder: string;
  /** The list's file name in the folder; without it all is for testing. */
  readonly list?: string | undefined;
  /** The file name of a second list, whose lines are the test split, whatever the first says. */
  readonly testList?: string | undefined;
  /** The folder at which the paths of images begin; that of their list unless given. */
  readonly imageRoot?: string | undefined;
  /** The folder at which the paths of depth maps begin; that of the images unless given. */
  readonly depthRoot?: string | undefined;
  /** Units of a depth map in a metre: 1000 unless given, millimetres; 1 for floating-point numbers. */
  readonly depthScale?: number | undefined;
}

/** A list that was read. */
interface Listed {
  readonly path: string;
  readonly entries: readonly ListEntry[];
}

const sourceOf =
  (path: string, options: CsvDatasetOptions, coding: DepthCoding) => (entry: ListEntry): SampleSource => {
    const { imageRoot = dirname(path), depthRoot = imageRoot } = options;
    return pairSource(
      { name: entry.image, scene: entry.scene, where: `${path}, line ${entry.line}` },
      { image: `${imageRoot}/${entry.image}`, depth: `${depthRoot}/${entry.depth}` },
      coding,
    );
  };

/** The lines of each split, those that are left out, and how that came about. */
interface Divided {
  readonly train: readonly ListEntry[];
  readonly test: Listed;
  readonly omitted: readonly Omission[];
  readonly remarks: readonly string[];
}

const partOf = ({ entries }: Listed, wanted: ListSplit): readonly ListEntry[] =>
  entries.filter(({ split }) => split === wanted);

/** The lines of a split that are neither trained nor tested on. */
const keptApart = (list: Listed, split: "val" | "gap"): Omission => ({
  what: `lines of ${split}, neither trained nor tested on`,
  count: partOf(list, split).length,
});

/** A list by its own column: lines of val are tested on where none is of test. */
const divided = (list: Listed): Divided => {
  const [train, val, test] = [partOf(list, "train"), partOf(list, "val"), partOf(list, "test")];
  if (test.length > 0 || val.length === 0) {
    const omitted = [keptApart(list, "val"), keptApart(list, "gap")];
    return { train, test: { ...list, entries: test }, omitted, remarks: [] };
  }
  const remark = `no line is of test, so that the ${val.length} of val are tested on`;
  return { train, test: { ...list, entries: val }, omitted: [keptApart(list, "gap")], remarks: [remark] };
};

/** Two lists: the second is what is tested on. Errors: "data" for a line of it that says that it is trained on. */
const dividedByLists = (list: Listed, test: Listed): Either<Failure, Divided> => {
  const trained = partOf(test, "train")[0];
  if (trained !== undefined) {
    const where = `${test.path}, line ${trained.line}, column split`;
    return E.left(failure("data", where, '"train" in the list of the test', "test or val, or no column split"));
  }
  const omitted = [
    keptApart(list, "val"),
    keptApart(list, "gap"),
    keptApart(test, "gap"),
    { what: `lines of test in ${basename(list.path)}`, count: partOf(list, "test").length },
  ];
  const remarks = [`tested are the lines of ${basename(test.path)}`];
  const tested = test.entries.filter(({ split }) => split !== "gap");
  return E.right({ train: partOf(list, "train"), test: { ...test, entries: tested }, omitted, remarks });
};

const readList = (path: string, usual: ListSplit | null): TaskEither<Failure, Listed> =>
  pipe(
    readText(path),
    TE.chainEitherK((text) => parseList(path, text, usual)),
    TE.map((entries) => ({ path, entries })),
  );

const readDivided = (list: string | null, testList: string | null): TaskEither<Failure, Divided> => {
  const first = list === null ? TE.right({ path: testList ?? "", entries: [] }) : readList(list, null);
  if (testList === null) return pipe(first, TE.map(divided));
  if (testList === list) {
    return TE.left(failure("data", list, "the same list for training and test", "another one for the test"));
  }
  return pipe(
    first,
    TE.chain((own) => pipe(readList(testList, "test"), TE.chainEitherK((test) => dividedByLists(own, test)))),
  );
};

/**
 * A data set of image files and depth maps in the formats of `pictureFormats` and `depthFileFormats`, listed in a CSV with the
 * columns image, depth, scene, split: train, val (or valid, validation), test or gap, in any case. Lines of val are tested on
 * where none is of test, and else left out and counted, as those of gap always are. Depth 0 is no measurement. Either split may be empty.
 *
 * Errors: "file", "format" and "data", naming the file or the line; "data" as well for a depth map whose bits cannot reach
 * a metre at the given scale. @throws RangeError for a scale that is not above 0, and for no list at all.
 * @category Data
 */
export const csvDataset = (options: CsvDatasetOptions): TaskEither<Failure, PublishedDataset> => {
  const pathOf = (name: string | undefined): string | null => name === undefined ? null : join(options.folder, name);
  const [list, testList] = [pathOf(options.list), pathOf(options.testList)];
  const name = list ?? testList;
  if (name === null) throw new RangeError("no list of samples");
  const coding = scaledDepth(options.depthScale, 1000);
  return pipe(
    readDivided(list, testList),
    TE.chainEitherK(({ train, test, omitted, remarks }) =>
      publishedDataset(name, {
        train: train.map(sourceOf(name, options, coding)),
        test: test.entries.map(sourceOf(test.path, options, coding)),
        remarks,
      }, omitted)
    ),
  );
};
