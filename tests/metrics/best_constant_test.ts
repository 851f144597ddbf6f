import fc from "fast-check";
import { csvDataset } from "../../lib/data/csv_dataset.ts";
import type { Split } from "../../lib/data/dataset.ts";
import { orThrow } from "../../lib/errors.ts";
import type { DepthImage } from "../../lib/formats/raster.ts";
import { bestConstant } from "../../lib/metrics/best_constant.ts";
import { evaluateImage } from "../../lib/metrics/evaluate_image.ts";
import { ownSize } from "../../lib/metrics/protocols.ts";
import { metricSum, ofImage, summarize } from "../../lib/metrics/summary.ts";
import { assert, assertAlmostEquals, assertEquals, fromFileUrl } from "../../tasks/std.ts";

const mapOf = (metres: readonly number[]): DepthImage => ({
  height: 1,
  width: metres.length,
  metres: Float32Array.from(metres),
});

/** The `rel` of a constant, averaged over images, by its definition. */
const relOf = (constant: number, truths: readonly DepthImage[]): number => {
  const ofImages = truths.flatMap(({ metres }) => {
    const valid = Array.from(metres).filter((g) => g > 0);
    return valid.length === 0 ? [] : [valid.reduce((sum, g) => sum + Math.abs(constant - g) / g, 0) / valid.length];
  });
  return ofImages.reduce((sum, rel) => sum + rel, 0) / ofImages.length;
};

const centimetres = fc.integer({ min: 20, max: 800 });
const depths = fc.array(fc.oneof(centimetres, centimetres, fc.constant(0)), { minLength: 1, maxLength: 12 });
const truthSets = fc.array(depths, { minLength: 1, maxLength: 4 });

Deno.test("no constant of a whole centimetre has less rel than the best one", () => {
  fc.assert(
    fc.property(truthSets.filter((sets) => sets.flat().some((depth) => depth > 0)), (sets) => {
      const truths = sets.map((set) => mapOf(set.map((depth) => depth / 100)));
      const least = Math.min(...Array.from({ length: 800 }, (_, at) => relOf((at + 1) / 100, truths)));
      assertAlmostEquals(relOf(bestConstant(truths), truths), least, 1e-6);
    }),
    { numRuns: 40 },
  );
});

Deno.test("an image counts once, however many of its pixels were measured", () => {
  const [few, many] = [mapOf([2]), mapOf(Array(100).fill(2.2))];
  assertAlmostEquals(bestConstant([few, few, many]), 2, 1e-6);
});

Deno.test("near depths count more, as in rel", () => assertAlmostEquals(bestConstant([mapOf([1, 3, 3])]), 1, 1e-6));

Deno.test("holes do not count", () => {
  assertAlmostEquals(bestConstant([mapOf([0, 0, 0, 4, 4.5, 5]), mapOf([0, 0])]), 4.5, 1e-6);
});

Deno.test("without any measurement there is no best constant", () => {
  assertEquals([bestConstant([]), bestConstant([mapOf([0, 0])])], [NaN, NaN]);
});

const rooms = new URL("../../../shared/real/rooms/", import.meta.url);
const missing = await Deno.stat(rooms).then(() => false, () => true);
if (missing) console.log("The recorded rooms are not here; the test that measures them is skipped.");

const depthsOf = async (split: Split, use: (depth: DepthImage) => void): Promise<void> => {
  for (let index = 0; index < split.size; index++) use(orThrow(await split.read(index)()).depth);
};

Deno.test({
  name: "the best constant of the recorded rooms' train split is 1.45 m, and misses the test split by a rel of 0.400",
  ignore: missing,
  fn: async () => {
    const options = { folder: fromFileUrl(rooms), list: "rooms.csv", depthScale: 1000 };
    const { train, test } = orThrow(await csvDataset(options)());
    const truths: DepthImage[] = [];
    await depthsOf(train, (depth) => truths.push(depth));
    const constant = bestConstant(truths);
    assertEquals(constant.toFixed(2), "1.45");
    let sum = metricSum.empty;
    await depthsOf(test, (truth) => {
      const prediction = { ...truth, metres: new Float32Array(truth.metres.length).fill(constant) };
      sum = metricSum.concat(sum, ofImage(orThrow(evaluateImage(ownSize, "room", prediction, truth))));
    });
    assertEquals(sum.images, test.size);
    assert(test.size > 50);
    assertEquals(summarize(ownSize, sum)?.rel.toFixed(3), "0.400");
  },
});
