// What docs/adding.md adds works in a copy of the library, and takes as many lines as it says.
import { encodeGrey16Png } from "../../lib/formats/png.ts";
import { assert, assertEquals, assertStringIncludes, fromFileUrl, join } from "../std.ts";
import { pngOf, tiny, withFolder, writeConfiguration } from "../tasks/support.ts";
import { type Addition, additionsOf, addTo, copyInto, sizeOf } from "../docs/additions.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));

const page = await Deno.readTextFile(join(root, "docs/adding.md"));

const additions = additionsOf(page);

Deno.test("the table tells the file and the list of each addition, and how many lines they take", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| [")).map((line) =>
    line.split("|").slice(2, -1).map((cell) => cell.trim())
  );
  const expected = additions.map((addition) => {
    const [own, more] = sizeOf(addition);
    return [`\`${addition.file}\``, String(own), `\`${addition.list}\``, String(more)];
  });
  assertEquals(rows, expected);
});

Deno.test("blocks are read as the files and the changed lines that they are", () => {
  const text = "# A\n\n```ts\n// lib/a.ts\nconst a = 1;\n```\n\n```diff\n+++ lib/b.ts\n@@\n x\n-y\n+z\n+a\n```\n";
  const hunks = [{ before: "x\ny\n", after: "x\nz\na\n" }];
  const expected: readonly Addition[] = [{
    file: "lib/a.ts",
    text: "// lib/a.ts\nconst a = 1;\n",
    list: "lib/b.ts",
    hunks,
  }];
  assertEquals(additionsOf(text), expected);
  assertEquals(additionsOf(text).map(sizeOf), [[2, 1]]);
});

/** Runs Deno in the copy; gives what it prints, if it does not fail. */
const deno = async (copy: string, ...args: readonly string[]): Promise<string> => {
  const env = { DENO_WEBGPU_BACKEND: "none", NO_COLOR: "1" };
  const { code, stdout, stderr } = await new Deno.Command("deno", { args: [...args], cwd: copy, env }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, `${args.join(" ")}\n${out}${err}`);
  return out;
};

const task = (copy: string, name: string, ...args: readonly string[]): Promise<string> =>
  deno(copy, "run", "--no-prompt", "--quiet", "--allow-read", "--allow-write", `tasks/${name}.ts`, ...args);

/** What a program sees of the additions: the loss with its parameter, all tables, and what is said of other names. */
const listed = `
import { tables } from "./docs/tables.ts";
import { openDevice } from "./lib/backend/device.ts";
import { recognizeLayout } from "./lib/data/recognize_layout.ts";
import type { Either } from "./lib/dependencies/fp.ts";
import { tf } from "./lib/dependencies/tensorflow.ts";
import { describe, type Failure, orThrow } from "./lib/errors.ts";
import { objectiveOf } from "./lib/experiment/compose.ts";
import type { TermConfiguration } from "./lib/experiment/configuration.ts";
import { decodeConfiguration } from "./lib/experiment/configuration_file.ts";
import { lossContext } from "./lib/loss/loss.ts";
import { asFeatures } from "./lib/tensor/features.ts";
import { keyOf } from "./lib/tensor/key.ts";

const term: TermConfiguration = { kind: "charbonnier", epsilon: 3, weight: 1, warmup: 0 };
// @ts-expect-error: a term has the parameters of its loss and no others.
export const other: TermConfiguration = { kind: "charbonnier", threshold: 3, weight: 1, warmup: 0 };

orThrow(await openDevice("wasm")());
const maps = (depth: number) => asFeatures(1, tf.fill([1, 2, 2, 1], depth));
const at = lossContext(asFeatures(3, tf.zeros([1, 2, 2, 3])), 0, keyOf(0));
const values = (await objectiveOf([term], {})).map(({ loss }) => loss(maps(1), maps(5), maps(1), at).dataSync()[0]);
const said = (result: Either<Failure, unknown>) => result._tag === "Left" ? describe(result.left) : "nothing";
const refused = (fields: unknown) => said(decodeConfiguration("file", fields));
const messages = {
  loss: refused({ loss: [{ kind: "x" }] }),
  parameter: refused({ loss: [{ kind: "charbonnier", epsilon: 0 }] }),
  generator: refused({ loss: [{ kind: "hierarchical", generator: "x", weights: [1] }] }),
  settings: refused({ generators: { x: {} } }),
  layout: refused({ data: { kind: "files", layout: "x" } }),
  unrecognized: said(await recognizeLayout("configs")()),
  fusion: refused({ network: { fusion: "x" } }),
};
console.log(JSON.stringify({ values, tables: Object.values(tables).flat().join("\\n"), messages }));
`;

/** What of a configuration uses all additions but the layout. */
const configuration = {
  ...tiny,
  network: { features: 4, fusion: "maximum" },
  generators: { deblurring: { widths: [4, 6], steps: 2, batch: 2 } },
  loss: [
    { kind: "charbonnier", epsilon: 0.25 },
    { kind: "hierarchical", generator: "deblurring", weights: [0, 10, 15], weight: 0.02, warmup: 0 },
  ],
};

const assertTrained = async (out: string, printed: string): Promise<void> => {
  assertStringIncludes(printed, "HEG-R of blurred depth sharpens test depth to ");
  assertStringIncludes(printed, 'parameters, 1,824 of them in its fusion "maximum"');
  const { loss, network } = JSON.parse(await Deno.readTextFile(`${out}/config.json`));
  assertEquals([loss[0].kind, loss[0].epsilon, network.fusion], ["charbonnier", 0.25, "maximum"]);
  const lines = (await Deno.readTextFile(`${out}/log.jsonl`)).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ phase }) => phase), ["deblurring", "deblurring", "depth", "depth", "depth"]);
  for (const { terms } of lines.slice(2)) {
    assertEquals(Object.keys(terms), ["charbonnier", "deblurring"]);
    assert(terms.charbonnier > 0 && terms.deblurring > 0);
  }
  const { generators } = JSON.parse(await Deno.readTextFile(`${out}/metrics.json`));
  assert(generators.deblurring.error > 0);
};

const assertListed = (printed: string): void => {
  const { values, tables, messages } = JSON.parse(printed);
  // The error is 4 m and ε 3 m: √(16 + 9) − 3.
  assertEquals(values, [2]);
  for (const name of ["charbonnier", "deblurring", "twins", "maximum"]) assertStringIncludes(tables, `| \`${name}\``);
  assertStringIncludes(tables, "| `epsilon` 0.1 ");
  const names = { loss: "charbonnier", generator: "deblurring", settings: "deblurring", layout: "twins" };
  const others = { unrecognized: "NAME_rgb.png", fusion: "maximum", parameter: "a number from 0.001 to 1000" };
  for (const [place, name] of Object.entries({ ...names, ...others })) assertStringIncludes(messages[place], name);
};

/** Writes pairs of pictures as the toy layout has them. */
const writeTwins = async (folder: string): Promise<void> => {
  await Deno.mkdir(folder);
  for (const name of ["a", "b", "c"]) {
    await Deno.writeFile(`${folder}/${name}_rgb.png`, pngOf(6, 8));
    const values = new Uint16Array(48).fill(2500);
    await Deno.writeFile(`${folder}/${name}_depth.png`, encodeGrey16Png(6, 8, values));
  }
};

Deno.test("a loss, a generator, a layout and a fusion are added by a file and two lines each", async (context) => {
  await withFolder(async (copy) => {
    await copyInto(copy, root, [
      "lib",
      "tasks",
      "configs",
      "docs/tables.ts",
      "tests/backend",
      "tests/std.ts",
      "deno.json",
      "deno.lock",
      "mod.ts",
    ]);
    for (const addition of additions) await addTo(copy, addition);
    await Deno.writeTextFile(`${copy}/listed.ts`, listed);
    const config = await writeConfiguration(copy, configuration);
    await writeTwins(`${copy}/twins`);
    const steps: readonly (readonly [name: string, run: () => Promise<unknown>])[] = [
      ["types", () => deno(copy, "check", "--quiet", "listed.ts", "tasks/train.ts", "tasks/inspect.ts")],
      ["lists", async () => assertListed(await deno(copy, "run", "--quiet", "--allow-read", "listed.ts"))],
      ["train", async () => {
        const flags = ["--config", config, "--out", `${copy}/run`, "--backend", "wasm", "--workers", "0"];
        await assertTrained(`${copy}/run`, await task(copy, "train", ...flags));
      }],
      ["inspect", async () => {
        const printed = await task(copy, "inspect", `${copy}/twins`, "--workers", "0");
        for (const part of ["samples              2        1", "2.50 m", "8×6"]) assertStringIncludes(printed, part);
      }],
      ["schema", async () => {
        await task(copy, "schema");
        const schema = await Deno.readTextFile(`${copy}/configs/schema.json`);
        for (const name of ["charbonnier", "epsilon", "deblurring", "twins", "maximum"]) {
          assertStringIncludes(schema, `"${name}"`);
        }
      }],
    ];
    const options = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };
    await Promise.all(steps.map(([name, fn]) => context.step({ name, fn: async () => void await fn(), ...options })));
  });
});
