import { openDevice } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { type Failure, FailureError, orThrow } from "../../lib/errors.ts";
import { loadLoss } from "../../lib/experiment/loss_file.ts";
import { lossContext } from "../../lib/loss/loss.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "../std.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";

orThrow(await openDevice("wasm")());

const head = `import { tf } from "${moduleUrl("lib/dependencies/tensorflow.ts")}";
import { l1 } from "${moduleUrl("lib/loss/pixel.ts")}";
import { maskedMean } from "${moduleUrl("lib/nn/operations.ts")}";
`;

/** Writes a module, of which the first lines are imports, and gives its path. */
const written = async (folder: string, name: string, source: string): Promise<string> => {
  await Deno.writeTextFile(`${folder}/${name}`, head + source);
  return `${folder}/${name}`;
};

const failureOf = async (path: string): Promise<Failure> => {
  const result = await loadLoss(path)();
  assert(E.isLeft(result));
  return result.left;
};

Deno.test("what a loss throws is a script's failure at its line, with what was thrown as the cause", async () => {
  await withFolder(async (folder) => {
    const path = await written(
      folder,
      "throws.ts",
      "export default () => {\n  throw new Error('no such\\nthing');\n};\n",
    );
    const { kind, where, found, cause } = await failureOf(path);
    assertEquals([kind, where, found], ["script", `${path}:5, loss "custom"`, "no such"]);
    assert(cause instanceof Error && cause.message === "no such\nthing");
  });
});

Deno.test("so is what the library throws for what a loss gave it, deep inside TensorFlow.js", async () => {
  await withFolder(async (folder) => {
    const path = await written(
      folder,
      "shapes.ts",
      "const inner = (target, mask) =>\n  maskedMean(tf.slice(target, [0, 0, 0, 0], [2, 3, 8, 1]), mask);\n" +
        "export default (target, prediction, mask) =>\n  inner(target, mask);\n",
    );
    const { kind, where, cause } = await failureOf(path);
    assertEquals([kind, where], ["script", `${path}:5, loss "custom"`]);
    assert(cause instanceof Error);
  });
});

Deno.test("a module that the loss imports is named as its own", async () => {
  await withFolder(async (folder) => {
    await written(folder, "helper.ts", "export const help = () => {\n  throw new Error('helpless');\n};\n");
    const path = await written(
      folder,
      "asks.ts",
      'import { help } from "./helper.ts";\nexport default () => help();\n',
    );
    const { kind, where } = await failureOf(path);
    assertEquals(kind, "script");
    assertStringIncludes(where, "helper.ts:5");
  });
});

Deno.test("what is thrown without a stack is said as well", async () => {
  await withFolder(async (folder) => {
    const path = await written(folder, "text.ts", "export default () => {\n  throw 'only words';\n};\n");
    const { kind, where, found, cause } = await failureOf(path);
    assertEquals([kind, where, found, cause], ["script", `${path}, loss "custom"`, "only words", "only words"]);
  });
});

Deno.test("a bug of the library is no failure of the script that uses it: it is thrown", async () => {
  await withFolder(async (folder) => {
    // What an inner function of the library throws has no frame of the user's module above it.
    const path = await written(folder, "innocent.ts", "export default l1.bind(null, null);\n");
    await assertRejects(() => loadLoss(path)());
  });
});

Deno.test("a loss that throws later, in training, throws a failure at its line", async () => {
  await withFolder(async (folder) => {
    const path = await written(
      folder,
      "later.ts",
      "export default (target, prediction, mask) => {\n" +
        "  if (target.shape[0] === 1) throw new Error('one image');\n" +
        "  return l1(target, prediction, mask);\n};\n",
    );
    const [term] = orThrow(await loadLoss(path)());
    assert(term !== undefined);
    const ones = asFeatures(1, tf.ones([1, 2, 2, 1]));
    const error = assertThrows(() =>
      term.loss(ones, ones, ones, lossContext(asFeatures(3, tf.ones([1, 2, 2, 3])), 0, keyOf(0)))
    );
    assert(error instanceof FailureError);
    assertEquals([error.failure.kind, error.failure.where], ["script", `${path}:5, loss "custom"`]);
    ones.dispose();
  });
});

Deno.test("a loss that does not fit is a script's failure, one that is not there or does not parse a file's", async () => {
  await withFolder(async (folder) => {
    const unfit = [
      "export const loss = 1;",
      "export default [];",
      "export default () => 3;",
      "export default (t) => tf.mean(t);",
    ];
    for (const [index, source] of unfit.entries()) {
      const path = await written(folder, `unfit${index}.ts`, source);
      const { kind, where } = await failureOf(path);
      assertEquals(kind, "script");
      assert(where === path || where === `${path}, loss "custom"`, where);
    }
    assertEquals((await failureOf(await written(folder, "syntax.ts", "export default ("))).kind, "file");
  });
});

Deno.test("a module that does not load is told with its line, and so is one that it imports", async () => {
  await withFolder(async (folder) => {
    const sources = [
      ["syntax.ts", "const a = 1;\nlet b = a +* 2;\n", 5, "Expression expected"],
      ["throws.ts", "\nthrow new Error('no luck');\nexport default l1;\n", 5, "no luck"],
      ["imports.ts", 'import "./gone.ts";\nexport default l1;\n', 4, "gone.ts"],
    ] as const;
    for (const [name, source, line, says] of sources) {
      const path = await written(folder, name, source);
      const { kind, where, found } = await failureOf(path);
      assertEquals([kind, where], ["file", `${path}:${line}`]);
      assertStringIncludes(found, says);
    }
    const outer = await failureOf(await written(folder, "outer.ts", 'import "./syntax.ts";\nexport default l1;\n'));
    assertStringIncludes(outer.where, "syntax.ts:5");
  });
});

Deno.test("a weight that throws or is no number is told as the loss is", async () => {
  await withFolder(async (folder) => {
    const termOf = (weight: string) => `export default [\n  { name: "a", loss: l1, weight: ${weight} },\n];\n`;
    const throwing = await written(folder, "weight.ts", termOf("() => { throw new Error('too heavy'); }"));
    const { kind, where, found } = await failureOf(throwing);
    assertEquals([kind, where, found], ["script", `${throwing}:5, loss "a"`, "too heavy"]);
    const odd = await failureOf(await written(folder, "odd.ts", termOf("() => NaN")));
    assertEquals([odd.kind, odd.found], ["script", "a weight of NaN at the first step"]);
  });
});

Deno.test("a promise that nobody waits for is told with its file, and an async loss is none", async () => {
  await withFolder(async (folder) => {
    const floating = [
      ["import.ts", "\nPromise.reject(new Error('adrift'));\nexport default l1;\n", ":5"],
      ["words.ts", "Promise.reject('adrift');\nexport default l1;\n", ""],
      [
        "trial.ts",
        "export default (...given) => {\n  (async () => { await null; throw new Error('adrift'); })();\n" +
        "  return l1(...given);\n};\n",
        ":5",
      ],
    ] as const;
    for (const [name, source, line] of floating) {
      const path = await written(folder, name, source);
      const { kind, where, found } = await failureOf(path);
      assertEquals([kind, where], ["script", `${path}${line}`]);
      assertStringIncludes(found, "adrift");
    }
    const late = await written(
      folder,
      "async.ts",
      "export default async () => { await null; throw new Error('late'); };\n",
    );
    assertStringIncludes((await failureOf(late)).found, "a promise, as an async function does");
  });
});

Deno.test("trying a loss out, well or not, leaves nothing on the device", async () => {
  await withFolder(async (folder) => {
    const sources = [
      "export default l1;",
      "export default () => 3;",
      "export default () => { tf.ones([2]); throw 1; };",
    ];
    for (const [index, source] of sources.entries()) {
      const path = await written(folder, `left${index}.ts`, source);
      const before = tf.memory().numTensors;
      await loadLoss(path)();
      assertEquals(tf.memory().numTensors, before, source);
    }
  });
});
