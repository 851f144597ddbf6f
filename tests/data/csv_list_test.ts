import fc from "fast-check";
import { parseList } from "../../lib/data/csv.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

const failureOf = (text: string): Failure => {
  const result = parseList("rooms.csv", text);
  if (result._tag === "Right") throw new Error(`expected a failure, found ${JSON.stringify(result.right)}`);
  return result.left;
};

const list = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

const entriesOf = (text: string) => orThrow(parseList("rooms.csv", text));

Deno.test("a list gives its lines, whatever the order of the columns, and leaves other columns out", () => {
  const text = list("split,note,depth,scene,image", "train,dark,a.png,kitchen,a.jpg", "test,,b.png,,b.jpg");
  assertEquals(entriesOf(text), [
    { image: "a.jpg", depth: "a.png", scene: "kitchen", split: "train", line: 2 },
    { image: "b.jpg", depth: "b.png", scene: null, split: "test", line: 3 },
  ]);
});

Deno.test("the column scene may be missing", () => {
  const [entry] = entriesOf(list("image,depth,split", "a.jpg,a.png,train"));
  assertEquals(entry?.scene, null);
});

Deno.test("byte order mark, spaces around fields, quotes and Windows line ends are understood", () => {
  const text = '\ufeffimage, depth ,split\r\n "a, ""b"".jpg" , a.png,train \r\n';
  assertEquals(entriesOf(text), [{ image: 'a, "b".jpg', depth: "a.png", scene: null, split: "train", line: 2 }]);
});

Deno.test("a list without lines has no entries", () => assertEquals(entriesOf("image,depth,split\n"), []));

Deno.test("missing columns are named, with those that are there", () => {
  const found = failureOf(list("image,scene", "a.jpg,kitchen"));
  assertEquals([found.kind, found.where], ["data", "rooms.csv"]);
  for (const part of ["depth, split", "image,scene"]) assertStringIncludes(found.found, part);
  for (const column of ["image", "depth", "split"]) assertStringIncludes(found.expected, column);
  assertEquals(failureOf("").kind, "data");
});

Deno.test("a missing value is named by line and column", () => {
  const rows = { image: ",a.png,train", depth: "a.jpg,,train", split: "a.jpg,a.png," };
  for (const [column, row] of Object.entries(rows)) {
    const found = failureOf(list("image,depth,split", "0.jpg,0.png,train", row));
    assertEquals([found.kind, found.where, found.found], ["data", `rooms.csv, line 3, column ${column}`, "nothing"]);
  }
});

Deno.test("a line with more or fewer fields is named", () => {
  for (const row of ["a.jpg,a.png", "a.jpg,a.png,train,kitchen"]) {
    const found = failureOf(list("image,depth,split", "0.jpg,0.png,train", row));
    assertEquals([found.kind, found.where], ["data", "rooms.csv, line 3"]);
  }
});

Deno.test("quotes that are not closed, or stand inside a field, are an error of their line", () => {
  assertEquals(failureOf(list("image,depth,split", "a.jpg,a.png,train", 'b"c,d,train')).where, "rooms.csv, line 3");
  assertStringIncludes(failureOf(list("image,depth,split", '"a.jpg,a.png,train')).where, "rooms.csv, line ");
});

Deno.test("paths that leave the list's folder are an error that names path and line", () => {
  const strays = ["../a.jpg", "b/../../a.jpg", "/etc/passwd", "C:\\a.jpg", "..\\a.jpg", "\\\\host\\a.jpg", "b/.."];
  for (const stray of strays) {
    for (const row of [`${stray},a.png,train`, `a.jpg,${stray},train`]) {
      const found = failureOf(list("image,depth,split", "0.jpg,0.png,train", row));
      assertEquals([found.kind, found.where], ["data", "rooms.csv, line 3"]);
      assertStringIncludes(describe(found), stray);
    }
  }
});

Deno.test("names that only look like a way out are names", () => {
  const text = list("image,depth,split", "..a/b..jpg,.hidden/...png,train");
  assertEquals(entriesOf(text)[0]?.image, "..a/b..jpg");
});

Deno.test("lines are counted as an editor does, past empty lines and line breaks in quotes", () => {
  for (const end of ["\n", "\r\n"]) {
    const rows = ["image,depth,split,note", "", "a.jpg,a.png,train,", 'b.jpg,b.png,train,"two', 'lines"', "   ", ""];
    const text = [...rows, "c.jpg,c.png,test,", ""].join(end);
    assertEquals(entriesOf(text).map(({ image, line }) => [image, line]), [["a.jpg", 3], ["b.jpg", 4], ["c.jpg", 8]]);
    const broken = failureOf([...rows, "c.jpg,,test,", ""].join(end));
    assertEquals(broken.where, "rooms.csv, line 8, column depth");
    assertEquals(failureOf([...rows, "c.jpg,test", ""].join(end)).where, "rooms.csv, line 8");
  }
});

Deno.test("every list of plain names comes back as it was written, and any other text is an answer too", () => {
  const name = fc.stringMatching(/^[a-z0-9_ ."',-]{1,8}$/).filter((text) => text.trim() === text && text !== "..");
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const split = fc.constantFrom("train", "val", "test");
  fc.assert(fc.property(fc.array(fc.tuple(name, name, split), { maxLength: 5 }), (rows) => {
    const text = list("image,depth,split", ...rows.map((row) => row.map(quoted).join(",")));
    assertEquals(entriesOf(text).map(({ image, depth, split }) => [image, depth, split]), rows);
  }));
  fc.assert(fc.property(fc.string(), (text) => {
    for (const whole of [text, `image,depth,split\n${text}`]) {
      const result = parseList("rooms.csv", whole);
      assert(result._tag === "Right" || (result.left.kind === "data" && result.left.where.startsWith("rooms.csv")));
    }
  }));
});
