import { bts } from "./layouts/bts.ts";
import { cityscapes } from "./layouts/cityscapes.ts";
import { csv } from "./layouts/csv.ts";
import { denseDepth } from "./layouts/densedepth.ts";
import type { DataLayout } from "./layouts/layout.ts";
import { nyuLabelled } from "./layouts/nyu_labelled.ts";
import { shards } from "./layouts/shards.ts";
import { sunRgbd } from "./layouts/sunrgbd.ts";
import { tum } from "./layouts/tum.ts";

/** The layouts in which data sets are read: one more is a file like theirs and its name here. */
export const dataLayouts = [nyuLabelled, bts, denseDepth, tum, sunRgbd, cityscapes, csv, shards] as const;

/** The name of a layout; `csv` is this library's own, `shards` are tar files. */
export type Layout = (typeof dataLayouts)[number]["name"];

/** Every layout by its name. */
export const layouts: readonly Layout[] = dataLayouts.map(({ name }) => name);

/** The layout of a name. */
export const layoutOf = (name: Layout): DataLayout<Layout> => {
  const found = dataLayouts.find((layout) => layout.name === name);
  if (found === undefined) throw new Error(`no layout is called ${name}`);
  return found;
};

/** A table in Markdown, its columns padded to one width. */
const markdown = (heading: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widthOf = (column: number): number => Math.max(...[heading, ...rows].map((row) => (row[column] ?? "").length));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const padded = (row: readonly string[]): string => line(row.map((cell, column) => cell.padEnd(widthOf(column))));
  const ruled = line(heading.map((_, column) => "-".repeat(widthOf(column))));
  return [padded(heading), ruled, ...rows.map(padded)].join("\n");
};

/** What is special about each layout, as a table in Markdown. */
export const layoutTable = (): string =>
  markdown(
    ["layout", "told by", "depth", "splits"],
    dataLayouts.map(({ name, signs, depth, splits }) => [`\`${name}\``, signs.text, depth, splits]),
  );
