import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { belowRoot } from "./below_root.ts";
import { type CsvRow, parseRows } from "./csv_rows.ts";

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
  const twice = heading.find((column, index) => heading.indexOf(column) !== index);
  if (twice !== undefined) return E.left(failure("data", name, `two columns "${twice}"`, "each column once"));
  const columns = new Map(heading.map((column, index) => [column, index]));
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
