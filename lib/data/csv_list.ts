import { CsvError, parseCsv } from "../dependencies/csv.ts";
import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../errors.ts";

/** One line of a list of images and depths; paths are relative to the list's folder. */
export interface ListEntry {
  readonly image: string;
  readonly depth: string;
  readonly scene: string | null;
  readonly split: string;
  /** The line of the list, counted from 1, for messages. */
  readonly line: number;
}

const required = ["image", "depth", "split"] as const;

/** The fields of a row and the line on which it begins: empty lines and line breaks inside quotes count too. */
interface Row {
  readonly fields: readonly string[];
  readonly line: number;
}

const parse = (name: string, text: string): Either<Failure, readonly Row[]> => {
  const lastLines: number[] = [];
  const rememberLine = (fields: string[], { lines }: { readonly lines: number }): string[] => {
    lastLines.push(lines);
    return fields;
  };
  // Inside quotes csv-parse counts \r\n as two lines.
  const lines = text.replaceAll(/\r\n?/g, "\n");
  try {
    const rows: string[][] = parseCsv(lines, {
      bom: true,
      skip_empty_lines: true,
      trim: true,
      on_record: rememberLine,
    });
    return E.right(rows.map((fields, index) => ({
      fields,
      line: (lastLines[index] ?? NaN) - fields.reduce((breaks, field) => breaks + field.split("\n").length - 1, 0),
    })));
  } catch (error) {
    const line = error instanceof CsvError && typeof error.lines === "number" ? `, line ${error.lines}` : "";
    return E.left(failure("data", `${name}${line}`, reasonText(error), "comma-separated values, as many in each line"));
  }
};

const outside = (path: string): boolean => /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes("..");

const entryOf =
  (name: string, columns: ReadonlyMap<string, number>) => ({ fields, line }: Row): Either<Failure, ListEntry> => {
    const value = (column: string): string => fields[columns.get(column) ?? -1] ?? "";
    const empty = required.find((column) => value(column) === "");
    if (empty !== undefined) {
      return E.left(failure("data", `${name}, line ${line}, column ${empty}`, "nothing", "a value"));
    }
    const stray = [value("image"), value("depth")].find(outside);
    if (stray !== undefined) {
      return E.left(failure("data", `${name}, line ${line}`, `the path ${stray}`, "a path below the list's folder"));
    }
    const scene = value("scene");
    return E.right({
      image: value("image"),
      depth: value("depth"),
      scene: scene === "" ? null : scene,
      split: value("split"),
      line,
    });
  };

/**
 * The entries of a CSV list with the columns image, depth, split and, if scenes are labelled, scene; others are ignored.
 *
 * Errors: "data", naming the list and the line, for missing columns or values and for paths that leave the list's folder.
 */
export const parseList = (name: string, text: string): Either<Failure, readonly ListEntry[]> => {
  const parsed = parse(name, text);
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
