// What would train in silence, and wrongly, is found when a loss is loaded.
import { openDevice } from "../../lib/backend/device.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { loadLoss } from "../../lib/experiment/loss_file.ts";
import { pixelLosses } from "../../lib/loss/pixel_losses.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { moduleUrl, withFolder } from "../tasks/support.ts";

orThrow(await openDevice("wasm")());

const head = `import * as cn from "${moduleUrl("mod.ts")}";
import * as losses from "${moduleUrl("lib/loss/mod.ts")}";
const { asFeatures, absolute, l1, maskedMean, tf } = cn;
const difference = (target, prediction) => tf.sub(prediction, target);
`;

/** Writes a module of a loss, and gives its path. */
const written = async (folder: string, name: string, source: string): Promise<string> => {
  const path = `${folder}/${name}.ts`;
  await Deno.writeTextFile(path, `${head}${source}\n`);
  return path;
};

/** Each with words of what is found and of what to write instead. */
const refused: Readonly<Record<string, readonly [source: string, ...says: string[]]>> = {
  "every pixel": [
    "export default (t, p) => tf.mean(absolute(difference(t, p)));",
    "counts holes",
    "maskedMean",
    "usesHoles",
  ],
  "neighbours of holes": [
    "export default (t, p, m) => {\n  const rows = (x) => tf.sub(x.slice([0, 1, 0, 0], [2, 15, 24, 1]), x.slice([0, 0, 0, 0], [2, 15, 24, 1]));\n" +
    "  return maskedMean(absolute(rows(difference(t, p))), m.slice([0, 1, 0, 0], [2, 15, 24, 1]));\n};",
    "counts holes",
    "onValidPixels",
  ],
  "only the gradient": [
    "export default (t, p, m) => tf.add(l1(t, p, m), tf.mean(tf.sub(p, cn.stopGradient(p)).mul(tf.sub(1, m))));",
    "counts holes",
  ],
  "kept": ["export default (t, p, m) => tf.keep(l1(t, p, m));", "keeps 1 tensor", "tf.keep"],
  "a list": [
    "const all = [];\nexport default (t, p, m) => { all.push(tf.keep(tf.clone(t)), tf.keep(tf.clone(m))); return l1(t, p, m); };",
    "keeps 2 tensors",
  ],
  "random": [
    "export default (t, p, m) => l1(t, tf.add(p, tf.randomUniform(p.shape)), m);",
    "the same key",
    "drawUniform(at.key, shape)",
  ],
  "counts its calls": [
    "let calls = 0;\nexport default (t, p, m) => tf.mul(l1(t, p, m), ++calls);",
    "the same key",
    "at.step",
  ],
  "the first image": [
    "const one = (x) => x.slice([0, 0, 0, 0], [1, 16, 24, 1]);\nexport default (t, p, m) => l1(one(t), one(p), one(m));",
    "another order",
    "ordered: true",
  ],
  "rounded": ["export default (t, p, m) => l1(t, tf.round(p), m);", "gradient"],
  "where": [
    "export default (t, p, m) => tf.add(maskedMean(tf.step(difference(t, p)), m), tf.mul(tf.sum(p), 0));",
    "0 everywhere",
    "tf.step",
  ],
  "deaf": ["export default (t, p, m) => tf.mean(t);", "Cannot compute gradient"],
  "variable": [
    "const gain = tf.variable(tf.scalar(1));\nexport default (t, p, m) => tf.mul(l1(t, p, m), gain);",
    "tf.variable",
    "learned(",
  ],
  "a variable a call": [
    "export default (t, p, m) => tf.mul(l1(t, p, m), tf.variable(tf.scalar(1)));",
    "tf.variable",
    "learnedWeights",
  ],
  "idle": [
    'export default losses.learned("idle", { form: { s: [] }, init: () => ({ s: tf.scalar(1) }), loss: () => l1 });',
    'parameter "s"',
  ],
  "of another form": [
    'export default losses.learned("odd", { form: { s: [] }, init: () => ({ s: tf.zeros([2]) }), loss: () => l1 });',
    "s [2]",
    "s []",
  ],
  "twice": ["export default cn.sum(losses.learnedWeights({ a: l1 }), losses.learnedWeights({ a: l1 }));", '"a"'],
};

for (const [name, [source, ...says]] of Object.entries(refused)) {
  Deno.test(`a loss that is refused: ${name}`, async () => {
    await withFolder(async (folder) => {
      const path = await written(folder, "loss", source);
      const result = await loadLoss(path)();
      assert(E.isLeft(result), "was taken");
      const message = describe(result.left);
      assertEquals(result.left.kind, "script");
      for (const part of [path, ...says]) assertStringIncludes(message, part);
      assert(message.length <= 500, `${message.length} characters`);
    });
  });
}

const accepted: Readonly<Record<string, string>> = {
  "it says that it uses holes":
    "export default losses.withTraits((t, p) => tf.mean(absolute(difference(t, p))), { usesHoles: true });",
  "it says that it is ordered": "const one = (x) => x.slice([0, 0, 0, 0], [1, 16, 24, 1]);\n" +
    "export default losses.withTraits((t, p, m) => l1(one(t), one(p), one(m)), { ordered: true });",
  "it draws from its key, for each image":
    "export default (t, p, m, at) => maskedMean(tf.mul(absolute(difference(t, p)), losses.drawUniform(at.key, p.shape)), m);",
  "it makes a constant once":
    "let two;\nexport default (t, p, m) => tf.mul(l1(t, p, m), two ??= tf.keep(tf.scalar(2)));",
  "it sees the images and the step":
    "export default (t, p, m, { images, step }) => tf.mul(l1(t, p, m), tf.add(tf.mean(images), tf.mul(step, 0)));",
  "its windows do not fit into small maps": "export default cn.ssim({ window: 15 });",
  "it is a generator's, which sees the prediction in holes":
    "const bent = (depth) => [asFeatures(1, tf.tanh(tf.avgPool(depth, 3, 1, 'same')))];\n" +
    'export default cn.sum(cn.named("l1", l1), cn.named("bent", cn.hierarchical(bent, [0, 10])));',
  "it learns": "export default losses.learnedWeights({ l1, smooth: losses.edgeAwareSmoothness });",
};

for (const [name, source] of Object.entries(accepted)) {
  Deno.test(`a loss that is taken: ${name}`, async () => {
    await withFolder(async (folder) => {
      const result = await loadLoss(await written(folder, "loss", source))();
      assert(E.isRight(result), E.isLeft(result) ? describe(result.left) : "");
    });
  });
}

Deno.test("every loss that a configuration can name passes the trial, as those of the repository do", async () => {
  await withFolder(async (folder) => {
    const said: string[] = [];
    const path = await written(
      folder,
      "all",
      `const names = ${JSON.stringify(pixelLosses.map(({ name }) => name))};\n` +
        "export default cn.sum(...await Promise.all(names.map(async (name) => " +
        "cn.named(name, await losses.loadPixelLoss(name)))));",
    );
    orThrow(await loadLoss(path, (message) => said.push(message))());
    assertEquals(said, []);
  });
  for (const { name } of Deno.readDirSync(new URL("../../configs/losses/", import.meta.url))) {
    orThrow(await loadLoss(new URL(`../../configs/losses/${name}`, import.meta.url).pathname)());
  }
});

Deno.test("a loss many times as large as L1 is told of, once its weight counts, and taken", async () => {
  await withFolder(async (folder) => {
    const large = 'export default cn.pipe(cn.named("large", l1), cn.scale(1000), cn.warmup(100));';
    const said: string[] = [];
    const path = await written(folder, "large", large);
    orThrow(await loadLoss(path, (message) => said.push(message))());
    assertEquals(said.length, 1);
    for (const part of [path, '"large"', "1000 times as large as L1", "scale("]) {
      assertStringIncludes(said[0] ?? "", part);
    }
  });
});

Deno.test("a variable of a module is refused again where the module is loaded already, and leaves none behind", async () => {
  await withFolder(async (folder) => {
    const path = await written(folder, "again", refused.variable?.[0] ?? "");
    const each = await written(folder, "each", refused["a variable a call"]?.[0] ?? "");
    for (const module of [path, path, each]) {
      const before = tf.memory().numTensors;
      const result = await loadLoss(module)();
      assert(E.isLeft(result) && result.left.found.includes("tf.variable"));
      assert(module === path || tf.memory().numTensors === before, "tensors left over");
    }
  });
});
