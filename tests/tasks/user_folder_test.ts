import { orThrow } from "../../lib/errors.ts";
import { type Command, commonFlags, decodeArguments, locating } from "../../tasks/arguments.ts";
import { assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { writePairs } from "./pairs.ts";
import { moduleUrl, namesIn, withFolder } from "./support.ts";

Deno.test("a typed path begins where the user stands, and is seen from where the program runs", () => {
  const below = locating("/project/photos/june", "/project");
  const cases = [
    ["x.jpg", "photos/june/x.jpg"],
    ["../x.jpg", "photos/x.jpg"],
    ["../..", "."],
    ["../../..", "/"],
    [
      ...["../../../other", "/other"],
    ],
    ["/a/b", "/a/b"],
    ["https://host/x", "https://host/x"],
    ["", ""],
    ["..x", "photos/june/..x"],
  ];
  for (const [typed = "", seen] of cases) assertEquals(below(typed), seen, typed);
  assertEquals(locating("/project", "/project")("./a/../x.jpg"), "./a/../x.jpg");
  assertEquals(locating("/elsewhere", "/project")("x.jpg"), "/elsewhere/x.jpg");
  assertEquals(locating("/project2", "/project")("x.jpg"), "/project2/x.jpg");
});

Deno.test("of a command line those flags and operands are located that are paths, and no others", () => {
  const command: Command = {
    ...{ name: "measure", summary: "", operands: "IMAGE…", operandsArePaths: true },
    flags: [
      ...commonFlags,
      { name: "generator", value: "NAME=FILE", path: "after =", repeated: true, help: "" },
      { name: "seed", value: "N", help: "" },
    ],
  };
  const typed = [
    "--config",
    "c.jsonc",
    "--generator",
    "a=b=c",
    "--generator",
    "none",
    "--seed",
    "7",
    "--set",
    "a=b",
    "x",
  ];
  const args = orThrow(decodeArguments(command, typed, locating("/p/s", "/p")));
  assertEquals([args.flag("config"), args.flag("seed"), args.flag("backend")], ["s/c.jsonc", "7", undefined]);
  assertEquals([args.flags("generator"), args.flags("set")], [["a=s/b=c", "none"], ["a=b"]]);
  assertEquals(args.operands, ["s/x"]);
  const names = orThrow(decodeArguments({ ...command, operandsArePaths: false }, ["x"], locating("/p/s", "/p")));
  assertEquals(names.operands, ["x"]);
});

/** Runs a task as somebody does who stands in a folder. */
const from = async (folder: string, task: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["task", "--quiet", "--config", fromFileUrl(moduleUrl("deno.json")), task, ...args],
    cwd: folder,
    // Whoever runs the tests by `deno task` stands elsewhere.
    env: { INIT_CWD: folder, NO_COLOR: "1" },
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, err };
};

Deno.test("tasks take and write files where the user stands", async () => {
  await withFolder(async (made) => {
    const folder = await Deno.realPath(made);
    await writePairs(`${folder}/data`);
    const inspected = await from(folder, "inspect", "data", "--json", "found.json", "--workers", "0");
    assertEquals([inspected.code, inspected.err], [0, ""]);
    const packed = await from(`${folder}/data`, "pack", ".", "--out", "../shards", "--workers", "0");
    assertEquals([packed.code, packed.err], [0, ""]);
    assertEquals(namesIn(folder), ["data", "found.json", "shards"]);
    const { code, err } = await from(folder, "inspect", "missing");
    assertEquals(code, 1);
    assertStringIncludes(err, `${folder}/missing`);
  });
});
