import { countTensors, openDevice } from "../../lib/backend/device.ts";
import { augmentationOf, openDataset, withFolder } from "../../lib/data/open_dataset.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import { orThrow } from "../../lib/errors.ts";
import { generatorsOf, learningRateOf, objectiveOf, optimizerOf } from "../../lib/experiment/compose.ts";
import type { Configuration } from "../../lib/experiment/configuration.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { lossContext } from "../../lib/loss/loss.ts";
import { evaluateTerms } from "../../lib/loss/objective.ts";
import { asFeatures } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "../std.ts";

orThrow(await openDevice("wasm")());

const decoded = (value: unknown): Configuration => orThrow(decodeConfiguration("test", value));

Deno.test("the learning rate rises over the warm-up, from above 0, and falls at each milestone", () => {
  const { optim } = decoded({ optim: { lr: 1, warmup: 4, milestones: [10, 12], factor: 0.5 } });
  const rate = learningRateOf(optim);
  const steps = [0, 1, 2, 3, 4, 9, 10, 11, 12, 1000];
  assertEquals(steps.map(rate), [0.25, 0.5, 0.75, 1, 1, 1, 0.5, 0.5, 0.25, 0.25]);
  assertEquals(learningRateOf(decoded({ optim: { lr: 1 } }).optim)(0), 1);
});

/** How far the first step of a configuration's optimizer goes, from 1 against a gradient of 5. */
const firstStep = (optim: unknown): number => {
  const [update] = scope(() => {
    const optimizer = optimizerOf(decoded({ optim }).optim);
    const [params, gradients] = [{ kernel: tf.tensor([1]) }, { kernel: tf.tensor([5]) }];
    return optimizer.update(gradients, optimizer.init(params), params, 0)[0].kernel.dataSync();
  });
  return update ?? NaN;
};

Deno.test("the optimizer goes against the gradient by the learning rate", () => {
  assertAlmostEquals(firstStep({ lr: 0.25, decay: 0 }), -0.25, 1e-6);
});

Deno.test("decay and clipping act before Adam, and clip 0 is none", () => {
  // Only ε tells Adam's first steps apart: its effect is large where the clipped gradient is as small as ε.
  assertAlmostEquals(firstStep({ lr: 1, decay: 0, clip: 1e-8 }), -0.5, 1e-4);
  assertAlmostEquals(firstStep({ lr: 1, decay: 0, clip: 0 }), -1, 1e-6);
  assertAlmostEquals(firstStep({ lr: 1, decay: 0, clip: 1e6 }), -1, 1e-6);
  assertAlmostEquals(firstStep({ lr: 1, decay: 1e9, clip: 1e-8 }), -1, 1e-6);
});

const twice: Embedding = (depth) => [asFeatures(1, tf.mul(depth, 2))];

/** The weighted terms of a list of terms at a step, for a truth of 2 and a prediction of 5 everywhere. */
const termsAt = async (loss: unknown, step: number, embeddings: Parameters<typeof objectiveOf>[1]) => {
  const objective = await objectiveOf(decoded({ loss }).loss, embeddings);
  return scope(() => {
    const everywhere = (value: number) => asFeatures(1, tf.fill([1, 2, 2, 1], value));
    const at = lossContext(asFeatures(3, tf.zeros([1, 2, 2, 3])), step, keyOf(0));
    const terms = evaluateTerms(objective, step, everywhere(2), everywhere(5), everywhere(1), at);
    return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, value.dataSync()[0]]));
  });
};

Deno.test("each term has its name, its weight and its warm-up", async () => {
  const loss = [
    { kind: "l1", weight: 2 },
    { kind: "l2", warmup: 8 },
    { kind: "hierarchical", generator: "scene", weights: [1, 10], weight: 0.5, warmup: 4 },
  ];
  assertEquals(await termsAt(loss, 0, { scene: twice }), { l1: 6, l2: 0, scene: 0 });
  assertEquals(await termsAt(loss, 2, { scene: twice }), { l1: 6, l2: 9 / 4, scene: 0.25 * 63 });
  assertEquals(await termsAt(loss, 10, { scene: twice }), { l1: 6, l2: 9, scene: 0.5 * 63 });
});

Deno.test("Sobel generators need no pretraining, the others once each", async () => {
  const hierarchical = (generator: string) => ({ kind: "hierarchical", generator, weights: [0, 1] });
  const generators = ["scene", "sobel", "reconstruction", "multi-scale-sobel", "image", "random", "scene"].map(
    hierarchical,
  );
  const { loss } = decoded({ loss: [{ kind: "l1" }, ...generators] });
  assertEquals(generatorsOf(loss), ["scene", "reconstruction", "image", "random"]);
  assertEquals(generatorsOf(decoded({}).loss), []);
  assertEquals(Object.keys(await termsAt([hierarchical("sobel")], 100, {})), ["sobel"]);
  const single = { kind: "hierarchical", generator: "multi-scale-sobel", weights: [0, 1], warmup: 0 };
  assertEquals(
    (await termsAt([single], 0, {}))["multi-scale-sobel"],
    (await termsAt([{ ...single, generator: "sobel" }], 0, {})).sobel,
  );
  await assertRejects(() => objectiveOf(loss, { scene: twice }));
});

Deno.test("Sobel takes as many scales as there are weights, of which any may be the only one", async () => {
  const at = async (weights: readonly number[]) =>
    (await termsAt([{ kind: "hierarchical", generator: "multi-scale-sobel", weights, warmup: 0 }], 0, {}))[
      "multi-scale-sobel"
    ];
  // The difference is 3 everywhere: on 2×2 pixels each response is ±9, on the one pixel of the means 0.
  assertEquals([await at([1]), await at([0, 1]), await at([0, 1, 5]), await at([0, 0, 1])], [3, 9, 9, 0]);
});

Deno.test("generators that are weighted together are each a term, and those of one name are added", async () => {
  const hierarchical = (generator: string, weight: number) => ({
    kind: "hierarchical",
    generator,
    weights: [0, 1],
    weight,
    warmup: 0,
  });
  const loss = [hierarchical("scene", 0.5), hierarchical("reconstruction", 2), hierarchical("scene", 1)];
  assertEquals(await termsAt(loss, 0, { scene: twice, reconstruction: twice }), { scene: 9, reconstruction: 12 });
});

Deno.test("what is composed without being trained keeps no tensors", async () => {
  const before = countTensors();
  await objectiveOf(decoded({ loss: [{ kind: "l1" }, { kind: "l2" }] }).loss, {});
  optimizerOf(decoded({ optim: { clip: 1 } }).optim);
  assertEquals(countTensors(), before);
});

Deno.test("built-in scenes have their configured sizes, are the same every time, and differ between the splits", async () => {
  const data = { kind: "scenes", height: 32, width: 40, train: 3, test: 2, seed: 5 };
  const dataset = orThrow(await openDataset(decoded({ data }).data)());
  assertEquals([dataset.train.size, dataset.test.size], [3, 2]);
  const read = async (split: "train" | "test", index: number) => orThrow(await dataset[split].read(index)());
  const [first, other, test] = [await read("train", 0), await read("train", 1), await read("test", 0)];
  assertEquals([first.image.height, first.image.width, first.depth.height, first.depth.width], [32, 40, 32, 40]);
  assertEquals(await read("train", 0), first);
  assertNotEquals(first.depth, other.depth);
  assertNotEquals(first.depth, test.depth);
  assert(first.scene !== null && dataset.scenes.includes(first.scene));
  const elsewhere = orThrow(await openDataset(decoded({ data: { ...data, seed: 6 } }).data)());
  assertNotEquals(orThrow(await elsewhere.train.read(0)()).depth, first.depth);
});

Deno.test("data in files need a folder, and built-in scenes take none", async () => {
  const { data: csv } = decoded({ data: { kind: "files", list: "rooms.csv" } });
  const without = await openDataset(csv)();
  assertEquals(without._tag === "Left" && [without.left.kind, without.left.where], ["usage", "--data"]);
  const within = orThrow(withFolder(csv, "rooms"));
  assertEquals([within.kind, within.kind === "files" && [within.folder, within.list]], ["files", [
    "rooms",
    "rooms.csv",
  ]]);
  const scenes = withFolder(decoded({}).data, "rooms");
  assertEquals(scenes._tag === "Left" && [scenes.left.kind, scenes.left.where], ["usage", "--data"]);
});

Deno.test("augmentation mirrors and jitters only where it is configured to", async () => {
  const dataset = orThrow(await openDataset(decoded({ data: { kind: "scenes", height: 32, width: 40 } }).data)());
  const sample = orThrow(await dataset.train.read(0)());
  const keys = Array.from({ length: 12 }, (_, seed) => keyOf(seed));
  const augmented = (augment: unknown) => keys.map((key) => augmentationOf(decoded({ augment }).augment)(key, sample));
  for (const each of augmented({ mirror: false, jitter: 0 })) assertEquals(each, sample);
  for (const each of augmented({ mirror: false, jitter: 0.4 })) assertEquals(each.depth, sample.depth);
  const mirrored = augmented({ mirror: true, jitter: 0 });
  const changed = mirrored.filter(({ depth }) => depth.metres.join() !== sample.depth.metres.join());
  assert(changed.length > 0 && changed.length < keys.length);
  for (const { image } of changed) assertEquals(image.pixels.toSorted(), sample.image.pixels.toSorted());
});
