/**
 * Writes the tables of the documentation that are derived from lists of records:
 * `deno run --allow-read=docs --allow-write=docs docs/tables.ts`
 */
import { fusionTable } from "../lib/cliffnet/fusions.ts";
import { layoutTable } from "../lib/data/layouts.ts";
import { generatorTable } from "../lib/embedding/generators.ts";
import { pixelLossTable } from "../lib/loss/pixel_losses.ts";
import { trainedTable, untrainedTable } from "../tests/backend/operations/core/page.ts";
import { protocolTable } from "../lib/metrics/protocols.ts";

/** The tables of each page. */
export const tables: Readonly<Record<string, readonly string[]>> = {
  "data.md": [layoutTable(), protocolTable()],
  "operations.md": [trainedTable(), untrainedTable()],
  "losses.md": [pixelLossTable(), generatorTable(), fusionTable()],
};

const headingOf = (row: string): string => row.replaceAll(/\s+/g, " ");

/** The page with this table in the place of the one that has the same heading. @throws Error if there is none. */
export const withTable = (page: string, table: string): string => {
  const lines = page.split("\n");
  const heading = headingOf(table.split("\n")[0] ?? "");
  const first = lines.findIndex((line) => headingOf(line) === heading);
  if (first < 0) throw new Error(`no table begins with ${heading}`);
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  return [...lines.slice(0, first), ...table.split("\n"), ...rest.slice(end)].join("\n");
};

if (import.meta.main) {
  for (const [name, own] of Object.entries(tables)) {
    const path = new URL(name, import.meta.url);
    await Deno.writeTextFile(path, own.reduce(withTable, await Deno.readTextFile(path)));
    console.log(`wrote ${own.length} tables of docs/${name}`);
  }
}
