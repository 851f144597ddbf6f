import { E, TE } from "../../lib/dependencies/fp.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { type Split, splitOf } from "../../lib/data/dataset.ts";
import type { Sample } from "../../lib/data/sample.ts";
import { averageOverImages } from "../../lib/metrics/summary.ts";
import { evaluateSplit } from "../../lib/train/evaluate.ts";
import type { Predictor } from "../../lib/train/predict.ts";
import { assert, assertAlmostEquals, assertEquals } from "../../tasks/std.ts";

const range = { near: 0.5, far: 10 };

/** Ground truths of two pixels, 0 where nothing was measured, and what is predicted for them. */
const truths = [[2, 4], [0, 5], [0, 0]] as const;
const predictions = [[1, 5], [3, 20], [7, 7]] as const;

const sampleOf = (index: number): Sample => ({
  name: `frame ${index}`,
  image: { height: 1, width: 2, pixels: Uint8Array.from([index, 0, 0, 0, 0, 0]) },
  depth: { height: 1, width: 2, metres: Float32Array.from(truths[index] ?? []) },
  scene: null,
  intrinsics: null,
});

const split: Split = splitOf(
  truths.map((_, index) => ({ ...sampleOf(index), where: `frame ${index}`, read: TE.of(sampleOf(index)) })),
);

const predict: Predictor = ({ pixels }) =>
  TE.of({ height: 1, width: 2, metres: Float32Array.from(predictions[pixels[0] ?? -1] ?? []) });

const ignore = (): void => {};

Deno.test("metrics are averaged over the images that have ground truth, each over its valid pixels", async () => {
  const { sum, framesPerSecond } = orThrow(await evaluateSplit(split, predict, range, ignore)());
  const average = averageOverImages(sum);
  assertEquals([sum.images, sum.pixels], [2, 3]);
  // Image 1: 1 for 2 and 5 for 4. Image 2: 20, clipped to 10, for 5.
  assertAlmostEquals(average.rel, ((1 / 2 + 1 / 4) / 2 + 1) / 2, 1e-9);
  assertAlmostEquals(average.sq_rel, ((1 / 2 + 1 / 4) / 2 + 5) / 2, 1e-9);
  assertAlmostEquals(average.rms, (1 + 5) / 2, 1e-9);
  const [ln2, ln54] = [Math.log(2), Math.log(5 / 4)];
  assertAlmostEquals(average.rms_log, (Math.sqrt((ln2 ** 2 + ln54 ** 2) / 2) + ln2) / 2, 1e-9);
  assertAlmostEquals(average.log10, ((Math.log10(2) + Math.log10(1.25)) / 2 + Math.log10(2)) / 2, 1e-9);
  // 5/4 is not below 1.25, but below 1.25²; 2 is above 1.25³.
  assertEquals([average.delta1, average.delta2, average.delta3], [0, 0.25, 0.25]);
  assert(framesPerSecond > 0);
});

Deno.test("every sample is shown with its prediction, in order", async () => {
  const shown: (readonly [number, string, number])[] = [];
  orThrow(
    await evaluateSplit(split, predict, range, (index, sample, { metres }) => {
      shown.push([index, sample.name, metres[0] ?? NaN]);
    })(),
  );
  assertEquals(shown, [[0, "frame 0", 1], [1, "frame 1", 3], [2, "frame 2", 7]]);
});

Deno.test("a sample that cannot be read, or predicted, ends the evaluation with its failure", async () => {
  const problem = failure("data", "frame 1", "nothing", "a picture");
  const seen: number[] = [];
  const unreadable: Split = { ...split, read: (index) => index === 1 ? TE.left(problem) : split.read(index) };
  assertEquals(await evaluateSplit(unreadable, predict, range, (index) => seen.push(index))(), E.left(problem));
  const refusing: Predictor = (image) => image.pixels[0] === 1 ? TE.left(problem) : predict(image);
  assertEquals(await evaluateSplit(split, refusing, range, (index) => seen.push(index))(), E.left(problem));
  assertEquals(seen, [0, 0]);
});

Deno.test("a split without images has metrics that say so", async () => {
  const { sum } = orThrow(await evaluateSplit({ ...split, size: 0 }, predict, range, ignore)());
  assertEquals(sum.images, 0);
  assert(Number.isNaN(averageOverImages(sum).rel));
});
