import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, moduleUrl, runTask, tinier, withFolder, writeConfiguration } from "./support.ts";

const thrown = `export default () => {
  throw new Error("no such thing");
};
`;

/** What an inner function of the library throws has no frame of a user's module above it. */
const innocent = `import { l1 } from "${moduleUrl("lib/loss/pixel.ts")}";
export default l1.bind(null, null);
`;

/** Runs `use` with the arguments of a training with a loss of one's own, and the path of that loss. */
const withLoss = (source: string, use: (args: readonly string[], loss: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    const [config, loss] = [await writeConfiguration(folder, tinier), `${folder}/loss.ts`];
    await Deno.writeTextFile(loss, source);
    await use(["--config", config, "--out", `${folder}/run`, "--backend", "wasm", "--loss", loss], loss);
  });

/** The lines of a stack that name a file. */
const framesIn = (text: string, file: string): number =>
  text.split("\n").filter((line) => line.startsWith("    at ") && line.includes(file)).length;

Deno.test("what caused a failure is told with its stack by --debug, and only then", async () => {
  await withLoss(thrown, async (args, loss) => {
    // One line, without a stack: `failing` sees to it.
    const problem = await failing(1, "train", ...args);
    assertStringIncludes(problem, `${loss}:2`);
    const { code, err } = await runTask("train", [...args, "--debug"]);
    const [first, second] = err.split("\n");
    assertEquals([code, first, second], [1, problem, "Error: no such thing"]);
    assert(framesIn(err, loss) > 0, err);
  });
});

Deno.test("a failure without a cause has nothing to add", async () => {
  const args = ["--config", "configs/quickstart.jsonc", "--set", "optim.lr=-1"];
  const problem = await failing(1, "train", ...args);
  assertEquals(await failing(1, "train", ...args, "--debug"), problem);
});

Deno.test("a bug is told as one, with the advice to run with --debug, which adds its stack", async () => {
  await withLoss(innocent, async (args) => {
    const plain = await runTask("train", args);
    assertEquals([plain.code, plain.err.trimEnd().split("\n").length], [1, 1], plain.err);
    for (const part of ["error: a bug in this program: ", "Please report it", "--debug"]) {
      assertStringIncludes(plain.err, part);
    }
    const { code, err } = await runTask("train", [...args, "--debug"]);
    const [first = ""] = err.split("\n");
    assertEquals([code, first], [1, plain.err.trimEnd().replace(" and what --debug adds to it", "")]);
    assert(framesIn(err, "lib/loss/pixel.ts") > 0, err);
  });
});
