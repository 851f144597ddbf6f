/** docs/from-pytorch.md: the right columns of its tables are one script, which runs. */
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { linesHere } from "./side_by_side.ts";

const root = new URL("../../", import.meta.url);
const page = Deno.readTextFileSync(new URL("docs/from-pytorch.md", root));

const lines = linesHere(page);

/** A script's output in an empty folder; its types are checked by `blocks_test.ts`. */
const run = async (script: string): Promise<string> => {
  const folder = await Deno.makeTempDir();
  const { unstable, imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const entries = ["train", "weights"].map((name) =>
    [`@cliffnet/cliffnet/${name}`, new URL(`lib/${name}/mod.ts`, root).href] as const
  );
  const here = { "@cliffnet/cliffnet": new URL("mod.ts", root).href, ...Object.fromEntries(entries) };
  const configuration = { unstable, imports: { ...imports, ...here } };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(configuration));
  await Deno.writeTextFile(`${folder}/script.ts`, script);
  const { stdout, stderr, success } = await new Deno.Command("deno", {
    args: ["run", "--no-check", "--quiet", "--no-lock", "--no-prompt", "--allow-read", "--allow-write", "script.ts"],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_WEBGPU_BACKEND: "none" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  return text.decode(stdout);
};

Deno.test("every line of the page runs, one after the other, and does what stands beside it", async () => {
  assert(lines.length >= 40, String(lines.length));
  const rows = page.split("\n").filter((line) => /^\| `/.test(line)).length;
  const unbuilt = page.match(/\| Not built|\| Read from files/g)?.length ?? 0;
  assertEquals(lines.length + unbuilt, rows, "every row has its line, but for what is not built");
  const told = await run([
    ...lines,
    "const values = async (tree: cn.Branch) =>",
    "  (await Promise.all(cn.leaves(tree).map(({ tensor }) => cn.readValues(tensor)))).join();",
    "const { params } = state.variables;",
    "const again = tuned.init(cn.keyOf(9)).params;",
    "const taken = await values(again.backbone) === await values(params.backbone);",
    'const before = network.init(cn.foldIn(cn.keyOf(0), "init")).params;',
    "const frozen = await values(before.backbone) === await values(params.backbone);",
    "const learned = await values(before.pyramid) !== await values(params.pyramid);",
    "const counts = { losses: losses.length, begun: begun.step, far: metres.length };",
    "console.log(JSON.stringify({ mean, size, names, ...counts, taken, frozen, learned }));",
  ].join("\n"));
  assertStringIncludes(told, "rel");
  assertStringIncludes(told, "not selected: pyramid");
  assertEquals(JSON.parse(told.trim().split("\n").at(-1) ?? ""), {
    ...{ mean: 1, size: 305, losses: 3, begun: 3, far: 1280, taken: true, frozen: true, learned: true },
    names: ["stem/conv/kernel", "stem/norm/gamma", "stem/norm/beta", "head/kernel", "head/bias"],
  });
});

Deno.test("what the page says of commands is what the tasks have", () => {
  for (const flag of ["--init", "--init-only", "--pytorch-module", "--names"]) {
    assertStringIncludes(page, flag);
    const task = flag.startsWith("--init") ? "train" : "convert";
    const text = Deno.readTextFileSync(fromFileUrl(new URL(`tasks/${task}.ts`, root)));
    assertStringIncludes(text, `name: "${flag.slice(2)}"`);
  }
});
