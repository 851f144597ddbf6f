// What is promised of every loss that a configuration can name.
import { loadPixelLoss, pixelLosses } from "../../lib/loss/pixel_losses.ts";
import { assert, assertEquals } from "../std.ts";
import { onBackend } from "../support.ts";
import { comparison, measure, withPrediction } from "./oracle.ts";
import type { Comparison } from "./support.ts";

/** Holes that leave some windows of 11×11 pixels whole. */
const isHole = (at: number): boolean => at % 19 === 3 && at % 360 < 90;
const given = comparison([2, 18, 20], isHole);
const { mask, target, prediction } = given;
const isValid = (at: number): boolean => mask.values[at] === 1;

const changed = (values: readonly number[], inHoles: number): readonly number[] =>
  values.map((value, at) => isValid(at) ? value : inHoles);

const poisoned: readonly Comparison[] = [37, -2, 1e6].flatMap((poison) => [
  withPrediction(given, changed(prediction.values, poison)),
  { ...given, target: { ...target, values: changed(target.values, poison) } },
]);

const nothing: Comparison = { ...given, mask: { ...mask, values: mask.values.map(() => 0) } };
const perfect = withPrediction(given, target.values.map((depth, at) => isValid(at) ? depth : 2.5));

const everywhere = (depth: number): Comparison => withPrediction(given, target.values.map(() => depth));
const awkward: readonly Comparison[] = [
  ...[0, -5, 1e-9, 1000].map(everywhere),
  withPrediction(given, prediction.values.map((depth) => depth - 3)),
];

const losses = await Promise.all(
  pixelLosses.map(async (record) => {
    const seesTruth = !("seesTruth" in record) || record.seesTruth;
    return { name: record.name, unit: record.unit, seesTruth, loss: await loadPixelLoss(record.name) };
  }),
);

for (const { name, loss, seesTruth } of losses) {
  onBackend(`${name}: nothing in a hole changes the loss or its gradient, and nothing there is pulled at`, async () => {
    const { value, gradient } = await measure(loss, given);
    assert(value > 0);
    gradient.forEach((slope, at) => assert(isValid(at) || slope === 0, `pixel ${at} has gradient ${slope}`));
    assert(gradient.filter((slope) => slope !== 0).length > 100);
    for (const each of poisoned) {
      const other = await measure(loss, each);
      assertEquals(other.value, value);
      assert(other.gradient.every((slope, at) => slope === gradient[at]));
    }
  });

  onBackend(`${name}: without any valid pixel it is 0 and pulls at nothing`, async () => {
    const { value, gradient } = await measure(loss, nothing);
    assertEquals(value, 0);
    assert(gradient.every((slope) => slope === 0));
  });

  onBackend(`${name}: of a prediction that is right it is 0, with a finite gradient`, async () => {
    const { value, gradient } = await measure(loss, perfect);
    assert(!seesTruth || Math.abs(value) < 1e-5, `found ${value}`);
    assert(gradient.every(Number.isFinite));
  });

  onBackend(`${name}: predictions of 0, below, constant or far off have a finite loss and gradient`, async () => {
    for (const each of awkward) {
      const { value, gradient } = await measure(loss, each);
      assert(Number.isFinite(value), `found ${value}`);
      assert(gradient.every(Number.isFinite));
    }
  });
}

Deno.test("every named loss tells its title, unit and source, and no two have the same title", () => {
  assertEquals(new Set(pixelLosses.map(({ title }) => title)).size, pixelLosses.length);
  pixelLosses.forEach(({ title, source }) => assert(title !== "" && source !== ""));
});

/** Depths and predictions times a factor. */
const scaledBy = (factor: number): Comparison => ({
  mask,
  target: { ...target, values: target.values.map((depth) => factor * depth) },
  prediction: { ...prediction, values: prediction.values.map((depth) => factor * depth) },
});

/** Powers of the metre; those without a unit are measured against a length of their own where it is 0. */
const powers = { "m": 1, "m²": 2, "1": 0 } as const;

onBackend(
  "values have the units that are told of them: with depth in a smaller unit they are so much larger",
  async () => {
    // Huber, SSIM and virtual normals have lengths of their own: δ, the range, and the least distance.
    const ownLength = ["huber", "ssim", "virtual-normal", "depth-aware"];
    for (const { name, unit, loss } of losses) {
      if (ownLength.includes(name)) continue;
      const [once, twice] = [await measure(loss, given), await measure(loss, scaledBy(2))];
      assert(Math.abs(twice.value / once.value - 2 ** powers[unit]) < 1e-3, name);
    }
  },
);
