import { markdownTable } from "../../lib/formats/text_table.ts";
import { assertEquals } from "../std.ts";

Deno.test("a table has its columns below each other, and a bar in a cell is no column", () => {
  assertEquals(
    markdownTable([["a", "long heading"], ["`longer`", "x|y"], ["", "½ m²"]]),
    [
      "| a        | long heading |",
      "| -------- | ------------ |",
      "| `longer` | x\\|y         |",
      "|          | ½ m²         |",
    ].join("\n"),
  );
});
