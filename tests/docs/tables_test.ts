// The tables of the documentation are those that the lists of records give.
import { tables, withTable } from "../../docs/tables.ts";
import { fusionNames } from "../../lib/cliffnet/fusions.ts";
import { layouts } from "../../lib/data/layouts.ts";
import { fixedGenerators, generators } from "../../lib/embedding/generators.ts";
import { pixelLosses } from "../../lib/loss/pixel_losses.ts";
import { protocolNames } from "../../lib/metrics/protocols.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";

const pageOf = (name: string): Promise<string> => Deno.readTextFile(new URL(`../../docs/${name}`, import.meta.url));

for (const [name, own] of Object.entries(tables)) {
  Deno.test(`docs/${name} has each of its tables as docs/tables.ts writes it`, async () => {
    const page = await pageOf(name);
    assertEquals(page, own.reduce(withTable, page), "deno run --allow-read=docs --allow-write=docs docs/tables.ts");
  });
}

/** The cells of the rows of some pages that begin with a name. */
const rowsOf = async (...pages: readonly string[]): Promise<readonly (readonly string[])[]> =>
  (await Promise.all(pages.map(pageOf))).join("\n").split("\n").filter((line) => line.startsWith("| `")).map((line) =>
    line.split("|").slice(1, -1).map((cell) => cell.trim())
  );

Deno.test("every name that a configuration can say has one row in the tables, in the order of its list", async () => {
  const names = [layouts, protocolNames, pixelLosses.map(({ name }) => name)];
  const others = [[...generators, ...fixedGenerators].map(({ name }) => name), fusionNames];
  const rows = await rowsOf("data.md", "losses.md");
  assertEquals(rows.map(([name]) => name), [...names, ...others].flat().map((name) => `\`${name}\``));
});

Deno.test("every loss that a term may name is listed with its unit and source", async () => {
  const rows = await rowsOf("losses.md");
  const listed = rows.filter(([name]) => pixelLosses.some((loss) => name === `\`${loss.name}\``));
  const cells = listed.map(([name, , unit, source]) => [name, unit, source]);
  assertEquals(cells, pixelLosses.map(({ name, unit, source }) => [`\`${name}\``, unit, source]));
});

Deno.test("a table takes the place of the one with its heading, however that was filled up, and of no other", () => {
  const page = "# A\n\n| a | b   |\n| - | --- |\n| 1 | 2   |\n\ntext\n\n| a | c |\n| - | - |\n\nend\n";
  const table = "| a   | b   |\n| --- | --- |\n| 3   | 4   |\n| 5   | 6   |";
  const written = withTable(page, table);
  assertEquals(written, `# A\n\n${table}\n\ntext\n\n| a | c |\n| - | - |\n\nend\n`);
  assertEquals(withTable(written, table), written);
  const error = assertThrows(() => withTable(page, "| a   | d   |\n| --- | --- |"));
  assert(error instanceof Error && error.message.includes("| a | d |"));
});
