import { mirror } from "../../lib/data/augment.ts";
import { type Sample, type Split, splitOf } from "../../lib/data/dataset.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { cliffnetProtocol, nyuEigen, ownSize, type Protocol } from "../../lib/metrics/protocols.ts";
import { summarize } from "../../lib/metrics/summary.ts";
import type { Predictor } from "../../lib/train/depth_network.ts";
import { evaluateSplit } from "../../lib/train/evaluate.ts";
import { assert, assertAlmostEquals, assertEquals } from "../std.ts";

const protocol: Protocol = { ...ownSize, clip: { near: 0.5, far: 10 } };

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
  const { sum, images, framesPerSecond } = orThrow(await evaluateSplit(split, predict, protocol, ignore)());
  const average = summarize(protocol, sum);
  assert(average !== null);
  assertEquals([sum.images, sum.withoutTruth, sum.pixels.count], [2, 1, 3]);
  assertEquals(images.map(({ name, pixels }) => [name, pixels.count]), [["frame 0", 2], ["frame 1", 1], [
    "frame 2",
    0,
  ]]);
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
    await evaluateSplit(split, predict, protocol, (index, sample, { metres }) => {
      shown.push([index, sample.name, metres[0] ?? NaN]);
    })(),
  );
  assertEquals(shown, [[0, "frame 0", 1], [1, "frame 1", 3], [2, "frame 2", 7]]);
});

Deno.test("a sample that cannot be read, or predicted, ends the evaluation with its failure", async () => {
  const problem = failure("data", "frame 1", "nothing", "a picture");
  const seen: number[] = [];
  const unreadable: Split = { ...split, read: (index) => index === 1 ? TE.left(problem) : split.read(index) };
  assertEquals(await evaluateSplit(unreadable, predict, protocol, (index) => seen.push(index))(), E.left(problem));
  const refusing: Predictor = (image) => image.pixels[0] === 1 ? TE.left(problem) : predict(image);
  assertEquals(await evaluateSplit(split, refusing, protocol, (index) => seen.push(index))(), E.left(problem));
  assertEquals(seen, [0, 0]);
});

Deno.test("a split without images has no metrics", async () => {
  const { sum } = orThrow(await evaluateSplit({ ...split, size: 0 }, predict, protocol, ignore)());
  assertEquals([sum.images, summarize(protocol, sum)], [0, null]);
});

Deno.test("a prediction that is not finite, or a size that the crop is not for, ends with the image's name", async () => {
  const broken: Predictor = (image) =>
    TE.of({ height: 1, width: 2, metres: Float32Array.of(1, image.pixels[0] === 1 ? NaN : 2) });
  const [notFinite, otherSize] = await Promise.all([
    evaluateSplit(split, broken, protocol, ignore)(),
    evaluateSplit(split, predict, nyuEigen, ignore)(),
  ]);
  assert(E.isLeft(notFinite) && E.isLeft(otherSize));
  assertEquals([notFinite.left.kind, notFinite.left.where], ["numeric", "frame 1"]);
  assertEquals([otherSize.left.kind, otherSize.left.where], ["data", "frame 0"]);
});

/** A sample whose levels and depths vary, and a predictor of depth from level that can prefer one side. */
const [height, width] = [4, 6];
const varied: Sample = {
  ...sampleOf(0),
  image: { height, width, pixels: Uint8Array.from({ length: height * width * 3 }, (_, at) => (at * 37) % 251) },
  depth: { height, width, metres: Float32Array.from({ length: height * width }, (_, at) => at % 5) },
};
const splitWith = (sample: Sample): Split => splitOf([{ ...sample, where: "made", read: TE.of(sample) }]);
const seeing = (slant: number): Predictor => ({ height, width, pixels }) =>
  TE.of({
    height,
    width,
    metres: Float32Array.from({ length: height * width }, (_, at) =>
      1 + (pixels[3 * at] ?? 0) / 64 + slant * (at % width)),
  });
const flipTest: Protocol = { ...protocol, flipTest: true };
const sumsOf = async (sample: Sample, predict: Predictor, by: Protocol) =>
  orThrow(await evaluateSplit(splitWith(sample), predict, by, ignore)()).sum;

Deno.test("with the flip test a sample and its mirror image have the same metrics, and without it they have not", async () => {
  const mirrored = mirror(varied);
  const close = (a: number, b: number) => Math.abs(a - b) < 1e-9;
  const [own, other] = [await sumsOf(varied, seeing(0.5), flipTest), await sumsOf(mirrored, seeing(0.5), flipTest)];
  assert(close(own.ofImages.rel, other.ofImages.rel) && close(own.ofImages.silog, other.ofImages.silog));
  const [once, there] = [await sumsOf(varied, seeing(0.5), protocol), await sumsOf(mirrored, seeing(0.5), protocol)];
  assert(!close(once.ofImages.rel, there.ofImages.rel));
});

Deno.test("the flip test takes the mean with what is predicted for the mirrored picture, mirrored back", async () => {
  assertEquals(await sumsOf(varied, seeing(0), flipTest), await sumsOf(varied, seeing(0), protocol));
  // A slant of ½ m a pixel and the same one mirrored are 1¼ m everywhere.
  const level: Predictor = (image) =>
    TE.of({ ...image, metres: Float32Array.from({ length: height * width }, (_, at) => 0.5 * (at % width)) });
  const shown: number[] = [];
  orThrow(await evaluateSplit(splitWith(varied), level, flipTest, (_, __, { metres }) => shown.push(...metres))());
  assertEquals(shown, Array(height * width).fill(1.25));
});

Deno.test("the network is shown the picture at the protocol's size, and its ground truth has it, too", async () => {
  const large: Sample = {
    ...varied,
    image: { height: 456, width: 608, pixels: new Uint8Array(456 * 608 * 3).fill(128) },
    depth: { height: 456, width: 608, metres: new Float32Array(456 * 608).fill(3) },
  };
  const sizes: number[][] = [];
  const watching: Predictor = (image) => {
    sizes.push([image.height, image.width]);
    return seeing(0)(image);
  };
  const onPrediction = (_: number, { image, depth }: Sample) =>
    sizes.push([image.height, image.width], [depth.height, depth.width]);
  const { sum } = orThrow(await evaluateSplit(splitWith(large), watching, cliffnetProtocol, onPrediction)());
  assertEquals(sizes, [[228, 304], [228, 304], [228, 304]]);
  assertEquals(sum.pixels.count, 228 * 304);
  assertAlmostEquals(summarize(cliffnetProtocol, sum)?.rms ?? NaN, 0, 1e-9);
});
