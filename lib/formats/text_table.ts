/** Rows of cells as lines whose columns are aligned: the first `left` of them to the left, the others to the right. */
export const aligned = (rows: readonly (readonly string[])[], left = Infinity): readonly string[] => {
  const widths = rows.reduce<readonly number[]>(
    (most, row) => row.map((cell, column) => Math.max(cell.length, most[column] ?? 0)),
    [],
  );
  const pad = (cell: string, column: number): string =>
    column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join("  ").trimEnd());
};

/** Text that Markdown takes as it is in a cell. */
const plain = (text: string): string => text.replaceAll("|", "\\|");

/**
 * Rows of one length as a table in Markdown, the first one as its heading. All columns are filled up to the widest cell, as
 * formatters of Markdown write them.
 */
export const markdownTable = (rows: readonly (readonly string[])[]): string => {
  const cells = rows.map((row) => row.map(plain));
  const widths = (cells[0] ?? []).map((_, at) => Math.max(3, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[], filling: string): string =>
    `| ${widths.map((width, at) => (row[at] ?? "").padEnd(width, filling)).join(" | ")} |`;
  const [heading = [], ...others] = cells;
  return [line(heading, " "), line([], "-"), ...others.map((row) => line(row, " "))].join("\n");
};
