import { CsvError, parseCsv } from "../dependencies/csv.ts";
import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../errors.ts";

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
