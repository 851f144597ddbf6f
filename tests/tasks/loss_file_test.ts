import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, moduleUrl, namesIn, succeeding, tiny, withFolder, writeConfiguration } from "./support.ts";

const imports = `
import { tf } from "${moduleUrl("lib/dependencies/tensorflow.ts")}";
import { maskedMean } from "${moduleUrl("lib/nn/operations.ts")}";
import type { Loss } from "${moduleUrl("lib/loss/pixel.ts")}";
import { l1 } from "${moduleUrl("lib/loss/pixel.ts")}";
import { named, scale, sum } from "${moduleUrl("lib/loss/objective.ts")}";
`;

const good = `${imports}
const squares: Loss = (target, prediction, mask) => maskedMean(tf.square(tf.sub(prediction, target)), mask);
export default sum(named("depth", l1), scale(0.5)(named("squares", squares)));
`;

const single = `${imports}
const twice: Loss = (target, prediction, mask) => tf.mul(l1(target, prediction, mask), 2);
export default twice;
`;

const notANumber = `${imports}
const logarithm: Loss = (target, prediction, mask) => maskedMean(tf.log(tf.sub(prediction, 1.5)), mask);
export default sum(named("depth", l1), named("my logarithm", logarithm));
`;

Deno.test("a loss of one's own is trained with, or refused with what is wrong with it", async (t) => {
  await withFolder(async (folder) => {
    // The generators of the configuration's own loss are not needed then, and must not be pretrained.
    const config = await writeConfiguration(folder, { ...tiny, training: { steps: 1, batch: 2 } });
    const args = ["--config", config, "--out", `${folder}/run`, "--fresh", "--backend", "wasm", "--loss"];
    const write = async (name: string, source: string): Promise<string> => {
      await Deno.writeTextFile(`${folder}/${name}`, source);
      return `${folder}/${name}`;
    };
    const termsOf = (): unknown => {
      const [line = ""] = Deno.readTextFileSync(`${folder}/run/log.jsonl`).split("\n");
      return JSON.parse(line).terms;
    };

    await t.step("an objective of named terms is logged by its names", async () => {
      await succeeding("train", ...args, await write("good.ts", good));
      const terms = termsOf();
      assert(typeof terms === "object" && terms !== null);
      assertEquals(Object.keys(terms), ["depth", "squares"]);
      assertEquals(namesIn(`${folder}/run`).filter((name) => name.startsWith("heg")), []);
      const configuration = JSON.parse(Deno.readTextFileSync(`${folder}/run/config.json`));
      assertEquals(configuration.lossFile, Deno.realPathSync(`${folder}/good.ts`));
    });

    await t.step("a single loss is logged as custom", async () => {
      await succeeding("train", ...args, await write("single.ts", single));
      assertStringIncludes(JSON.stringify(termsOf()), '{"custom":');
    });

    await t.step("a loss that is not a number ends training with the name of its term", async () => {
      await Deno.remove(`${folder}/run`, { recursive: true });
      const problem = await failing(1, "train", ...args, await write("nan.ts", notANumber));
      for (const part of ["my logarithm", "step 1", "NaN"]) assertStringIncludes(problem, part);
      assert(!namesIn(`${folder}/run`).includes("checkpoint.safetensors"), "a checkpoint of nothing");
    });

    await t.step("a module without a default export, or with another one, is told what is wanted", async () => {
      for (const source of ["export const loss = 1;", "export default 3;", "export default [];"]) {
        const path = await write(`wrong${source.length}.ts`, source);
        const problem = await failing(1, "train", ...args, path);
        for (const part of [path, "default export", "(target, prediction, mask)"]) assertStringIncludes(problem, part);
      }
    });

    await t.step("a loss that cannot train is refused in the name of its file, before a step", async () => {
      const losses = [
        ["number.ts", "() => 3", "returns number"],
        ["map.ts", "(target, prediction) => tf.abs(tf.sub(target, prediction))", "shape [2, 16, 24, 1]"],
        ["deaf.ts", "(target) => tf.mean(target)", "gradient"],
        ["hole.ts", "(target, prediction) => tf.mean(tf.abs(tf.log(tf.div(prediction, target))))", "Infinity"],
        [
          "root.ts",
          "(t, p, mask) => maskedMean(tf.sqrt(tf.mul(tf.square(tf.sub(t, p)), mask)), mask)",
          "gradient is NaN",
        ],
        ["throws.ts", "() => { throw new Error('no such thing'); }", "no such thing"],
      ] as const;
      for (const [name, source, says] of losses) {
        const path = await write(name, `${imports}\nexport default ${source};\n`);
        const problem = await failing(1, "train", ...args, path);
        for (const part of [path, says]) assertStringIncludes(problem, part);
      }
    });

    await t.step("what goes wrong in a later step is told with its line, and leaves no checkpoint", async () => {
      await Deno.remove(`${folder}/run`, { recursive: true }).catch(() => {});
      const later = (what: string): string =>
        `${imports}let calls = 0;\nconst late: Loss = (...given) => {\n  if (++calls > 13) ${what}\n  return l1(...given);\n};\n` +
        "export default late;\n";
      for (
        const [name, what] of [
          ["late.ts", "throw new Error('too late');"],
          ["adrift.ts", "(async () => { await null; throw new Error('too late'); })();"],
        ] as const
      ) {
        const path = await write(name, later(what));
        // It is tried out by six calls at the start, and by six more before its training.
        const problem = await failing(1, "train", ...args, path, "--set", "training.steps=6");
        for (const part of [`${path}:9`, "too late"]) assertStringIncludes(problem, part);
        assert(!namesIn(`${folder}/run`).includes("checkpoint.safetensors"), "a checkpoint of a broken training");
      }
    });

    await t.step("what nobody handles ends the program with the line, whenever it comes", async () => {
      const thrown = "setTimeout(() => { throw new Error('out of nowhere'); }, 1);";
      const rejected = "setTimeout(() => { Promise.reject(new Error('out of nowhere')); }, 1);";
      for (const [index, source] of [thrown, rejected].entries()) {
        const path = await write(`nowhere${index}.ts`, `${imports}\n${source}\nexport default l1;\n`);
        const problem = await failing(1, "train", ...args, path, "--set", "training.steps=200");
        for (const part of [`${path}:8`, "out of nowhere"]) assertStringIncludes(problem, part);
      }
    });

    await t.step("a module that is not there, or does not parse, is named", async () => {
      const paths = [`${folder}/missing.ts`, await write("syntax.ts", "export default (")];
      for (const path of paths) assertStringIncludes(await failing(1, "train", ...args, path), path);
    });
  });
});
