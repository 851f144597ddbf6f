/** What stands in a text that should be a list of samples and is none, told by its beginning. */
import { type Failure, failure } from "../errors.ts";

const separators: readonly (readonly [mark: string, name: string])[] = [
  [";", "semicolons"],
  ["\t", "tabs"],
  ["|", "bars"],
];

/** The columns that a CSV of this library has. */
export const requiredColumns = ["image", "depth", "split"] as const;

const columnsExpected = `the columns ${requiredColumns.join(", ")} and, optionally, scene in the first line`;

const inUtf8 = "Save it as CSV in UTF-8, with commas.";

const shown = (heading: string): string =>
  heading.length > 120 ? `${JSON.stringify(heading.slice(0, 120))}…` : JSON.stringify(heading);

/** Whether text begins as UTF-16 does: by its mark, or because every other byte of plain letters is 0. */
export const isUtf16 = (bytes: Uint8Array): boolean => {
  const [first, second] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked || bytes.subarray(0, 256).includes(0);
};

/**
 * Why a first line is no heading of a list: it is empty, its fields are apart by something else than commas, or it names
 * other columns. Kind "data", at the list.
 */
export const strangeHeading = (path: string, heading: string): Failure => {
  if (heading === "") return failure("data", path, "an empty file", columnsExpected);
  if (heading.includes("\0")) {
    return failure("data", path, "a text in UTF-16, or with bytes of 0", columnsExpected, inUtf8);
  }
  const [, apart] = separators.find(([mark]) => heading.includes(mark) && !heading.includes(",")) ?? [];
  if (apart !== undefined) {
    const found = `the heading ${shown(heading)}, whose fields are apart by ${apart}`;
    return failure("data", path, found, columnsExpected, inUtf8);
  }
  const columns = heading.split(",").map((column) => column.trim().replace(/^"(.*)"$/, "$1"));
  const missing = requiredColumns.filter((column) => !columns.includes(column));
  const none = missing.length === 0 ? "" : `, which has no column ${missing.join(", ")}`;
  return failure("data", path, `the heading ${shown(heading)}${none}`, columnsExpected);
};

/** Why the beginning of a file is that of no list; null for what looks like no list at all, such as a README. */
export const strangeList = (path: string, head: Uint8Array): Failure | null => {
  if (isUtf16(head)) return strangeHeading(path, "\0");
  const text = new TextDecoder().decode(head).replace(/^\ufeff/, "");
  const heading = text.split(/\r\n?|\n/).find((line) => line.trim() !== "") ?? "";
  const isList = /\.csv$/i.test(path) || /\.(png|jpe?g)\b/i.test(text);
  return isList ? strangeHeading(path, heading.trim()) : null;
};
