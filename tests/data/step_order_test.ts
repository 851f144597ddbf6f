/** What a step gets does not depend on who reads what, when, or in how many workers. */
import fc from "fast-check";
import {
  colourJitter,
  composeAugmentations,
  randomMirror,
  randomRotation,
  randomScale,
} from "../../lib/data/augment.ts";
import { type Sample, type Split, splitOf } from "../../lib/data/dataset.ts";
import { resizeSample } from "../../lib/data/resize.ts";
import { augmentedRead, mapSplit, prefetch, remember, sampleBatches } from "../../lib/data/split.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assertEquals, assertNotEquals } from "../std.ts";
import { sampleOf } from "./support.ts";

const size = 7;
const steps = [0, 1, 2, 3, 4];

/** A split whose samples take as many turns of the event loop to read as `turns` says of each reading. */
const splitWith = (turns: (reading: number) => number): Split => {
  let readings = 0;
  const read = (index: number) => async () => {
    for (let turn = turns(readings++); turn > 0; turn--) await new Promise((done) => setTimeout(done, 0));
    const sample = sampleOf(
      6,
      8,
      (row, column, channel) => 20 * index + 9 * row + 5 * column + channel,
      () => 1 + index,
    );
    return TE.right({ ...sample, name: String(index) })();
  };
  return { ...splitOf([]), size, read };
};

const augmentation = composeAugmentations([randomScale(1.5), randomRotation(5), randomMirror, colourJitter(0.4)]);

const reader = (split: Split, seed: number) => sampleBatches(augmentedRead(split, augmentation), split, keyOf(seed), 3);

const oneByOne = async (split: Split, seed: number, order: readonly number[]) => {
  const samples = new Map<number, readonly Sample[]>();
  for (const step of order) samples.set(step, orThrow(await reader(split, seed)(step)()));
  return steps.map((step) => samples.get(step));
};

Deno.test("steps get the same samples in whichever order they are asked for", async () => {
  const orders = fc.shuffledSubarray(steps, { minLength: steps.length });
  await fc.assert(
    fc.asyncProperty(orders, fc.nat(), async (order, seed) => {
      const split = splitWith(() => 0);
      assertEquals(await oneByOne(split, seed, order), await oneByOne(split, seed, steps));
    }),
    { numRuns: 20 },
  );
});

Deno.test("steps get the same samples when all are read at once, each as slowly as it likes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 15 }), fc.nat(), async (turns, seed) => {
      const slow = splitWith((reading) => turns[reading % turns.length] ?? 0);
      const together = await Promise.all(steps.map((step) => reader(slow, seed)(step)()));
      assertEquals(together.map(orThrow), await oneByOne(splitWith(() => 0), seed, steps));
    }),
    { numRuns: 15 },
  );
});

Deno.test("steps get the same samples whether they are begun ahead and remembered or not", async () => {
  const prepared = mapSplit(splitWith((reading) => reading % 3), resizeSample(5, 6));
  const ahead = prefetch(reader(remember(prepared), 3), 2, steps.length);
  const found: (readonly Sample[])[] = [];
  for (const step of steps) found.push(orThrow(await ahead(step)()));
  assertEquals(found, await oneByOne(prepared, 3, steps));
  assertNotEquals(found, await oneByOne(prepared, 4, steps));
});
