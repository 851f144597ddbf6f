/** Grey images in the place of depth maps: their scale, their batches, and a classifier of them. */
import { lumaOf } from "../../lib/data/augment.ts";
import { type Sample, type Split, splitOf } from "../../lib/data/dataset.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { greyBatch, greyMap, greyScaleOf } from "../../lib/embedding/image.ts";
import { sceneAccuracy, sceneBatch, sceneClassifier, sceneLearner } from "../../lib/embedding/scene.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { adam } from "../../lib/optim/adam.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { initialState, trainStep } from "../../lib/train/step.ts";
import { assertClose, noise } from "../backend/support.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";
import { onWasm, readTree } from "../support.ts";

const scenes = ["hall", "kitchen"];

const [height, width] = [6, 5];

/** Halls have stripes, kitchens none; their depth says nothing of it. */
const sampleOf = (index: number): Sample => {
  const striped = index % 2 === 0;
  const dither = noise(height * width, index + 1);
  return {
    name: `frame ${index}`,
    image: {
      height,
      width,
      pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => {
        const pixel = Math.floor(at / 3);
        return 120 + (striped && pixel % width % 2 === 0 ? 90 : 0) + 10 * (dither[pixel] ?? 0);
      }),
    },
    depth: { height, width, metres: Float32Array.from(dither, (value, at) => at % 9 === 4 ? 0 : 4 + 2 * value) },
    scene: scenes[index % 2] ?? null,
    intrinsics: null,
  };
};

const splitOfSize = (size: number): Split =>
  splitOf(Array.from({ length: size }, (_, index) => {
    const sample = sampleOf(index);
    return { name: sample.name, scene: sample.scene, where: sample.name, read: TE.of(sample) };
  }));

const spread = (values: readonly number[]): readonly [mean: number, deviation: number] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)];
};

Deno.test("luma is 0 for black, 1 for white, and weighs green most", () => {
  const image = { height: 2, width: 2, pixels: Uint8Array.from([0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0]) };
  assertClose(lumaOf(image), [0, 1, 0.299, 0.587], 1e-6);
});

Deno.test("grey images have, over a split, mean and deviation of its depth where it was measured", async () => {
  const split = splitOfSize(8);
  const scale = orThrow(await greyScaleOf(split)());
  const samples = Array.from({ length: 8 }, (_, index) => sampleOf(index));
  const greys = samples.flatMap(({ image }) => [...greyMap(image, scale).metres]);
  const depths = samples.flatMap(({ depth }) => [...depth.metres].filter((metres) => metres > 0));
  const [[mean, deviation], [depthMean, depthDeviation]] = [spread(greys), spread(depths)];
  assertAlmostEquals(mean, depthMean, 1e-4);
  assertAlmostEquals(deviation, depthDeviation, 1e-4);
});

Deno.test("no image knows of its own depth: the scale is the split's, and grey images differ by their luma alone", async () => {
  const scale = orThrow(await greyScaleOf(splitOfSize(8))());
  const { image } = sampleOf(3);
  const grey = greyMap(image, scale);
  assertEquals([grey.height, grey.width], [height, width]);
  assertClose(grey.metres, lumaOf(image).map((value) => scale.gain * value + scale.offset), 1e-6);
});

Deno.test("as many samples are read as are wanted, from the first on and evenly", async () => {
  const read: number[] = [];
  const split = splitOfSize(10);
  const watched: Split = {
    ...split,
    read: (index) => {
      read.push(index);
      return split.read(index);
    },
  };
  orThrow(await greyScaleOf(watched, 4)());
  assertEquals(read, [0, 2, 5, 7]);
});

Deno.test("images of one grey, or no depth at all, give a scale all the same", async () => {
  const flat = { ...sampleOf(1), image: { height: 1, width: 2, pixels: new Uint8Array(6).fill(99) } };
  const blind = { ...sampleOf(0), depth: { height, width, metres: new Float32Array(height * width) } };
  for (const sample of [flat, blind]) {
    const split = splitOf([{ name: "a", scene: null, where: "a", read: TE.of(sample) }]);
    const { gain, offset } = orThrow(await greyScaleOf(split)());
    assert(gain === 0 && Number.isFinite(offset));
  }
  assertEquals(orThrow(await greyScaleOf(splitOf([]))()), { gain: 0, offset: 0 });
});

Deno.test("a sample that cannot be read is told", async () => {
  const problem = failure("file", "a.png", "nothing", "a file");
  const split = splitOf([{ name: "a", scene: null, where: "a", read: TE.left(problem) }]);
  assertEquals(await greyScaleOf(split)(), E.left(problem));
});

onWasm("a grey batch has the labels of the depth batch, and the images in place of the depth", async () => {
  const samples = [sampleOf(0), sampleOf(1)];
  const scale = { gain: 2, offset: 1 };
  const [grey, depth] = [
    await readTree(() => orThrow(greyBatch(scenes, scale)(samples))),
    await readTree(() => orThrow(sceneBatch(scenes)(samples))),
  ];
  assertEquals(grey.get("scenes"), depth.get("scenes"));
  assertEquals(grey.get("filled")?.shape, depth.get("filled")?.shape);
  assertClose(
    grey.get("filled")?.values ?? [],
    samples.flatMap(({ image }) => [...lumaOf(image)].map((value) => 2 * value + 1)),
    1e-5,
  );
  assert(E.isLeft(greyBatch(["office"], scale)(samples)));
});

onWasm("a classifier learns from grey images what depth does not say", async () => {
  const split = splitOfSize(8);
  const batchOf = greyBatch(scenes, orThrow(await greyScaleOf(split)()));
  const classifier = sceneClassifier([4, 4], 2);
  const [learner, optimizer] = [sceneLearner(classifier), adam(() => 0.02)];
  const step = trainStep(learner, optimizer);
  const batch = orThrow(batchOf(Array.from({ length: 8 }, (_, index) => sampleOf(index))));
  let state = initialState(learner, optimizer, keyOf(1));
  for (let count = 0; count < 60; count++) {
    const [next, { loss, terms }] = step(state, batch);
    [state.variables.params, state.variables.statistics, state.optimizer, { loss, terms }].forEach(disposeTree);
    state = next;
  }
  const byGrey = orThrow(await sceneAccuracy(classifier, state.variables, scenes, split, batchOf)());
  assertEquals(byGrey, { accuracy: 1, mostFrequent: 0.5 });
  // Of twelve, the last four have no scene that was learned: they are never read.
  const entry = (index: number) => ({
    ...split.entry(index % 8),
    scene: index < 8 ? split.entry(index).scene : "garden",
  });
  const problem = failure("data", "garden", "a reader", "none");
  const more = { size: 12, entry, read: (index: number) => index < 8 ? split.read(index) : TE.left(problem) };
  const left = orThrow(await sceneAccuracy(classifier, state.variables, scenes, more, batchOf)());
  assertEquals(left, { accuracy: 1, mostFrequent: 0.5, leftOut: 4 });
  const byDepth = orThrow(await sceneAccuracy(classifier, state.variables, scenes, split)());
  assert(byDepth.accuracy < 1);
  [state.variables.params, state.variables.statistics, state.optimizer, batch].forEach(disposeTree);
});
