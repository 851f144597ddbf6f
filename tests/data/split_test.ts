import fc from "fast-check";
import { type Augmentation, randomMirror } from "../../lib/data/augment.ts";
import { type Split, splitOf } from "../../lib/data/dataset.ts";
import { resizeDepth, resizeImage, resizeSample } from "../../lib/data/resize.ts";
import {
  allIndices,
  augmentedRead,
  batchIndices,
  mapSplit,
  readAll,
  remember,
  sampleBatches,
} from "../../lib/data/split.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { describe, failure, orThrow } from "../../lib/errors.ts";
import { foldIn, keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { sampleOf } from "./support.ts";

/** What a sample of {@link countingSplit} takes in memory: 2 × 3 pixels of 3 bytes and of 4. */
const sampleBytes = 2 * 3 * 7;

/** A split of numbered samples that writes down which of them are read. */
const countingSplit = (size: number): readonly [Split, number[]] => {
  const reads: number[] = [];
  const read = (index: number) =>
    TE.fromIO(() => {
      reads.push(index);
      return { ...sampleOf(2, 3, () => index, (row, column) => index + row + column / 8), name: String(index) };
    });
  return [{ ...splitOf([]), size, read }, reads];
};

const readEach = async (split: Split, indices: readonly number[]) => {
  const names: string[] = [];
  for (const index of indices) names.push(orThrow(await split.read(index)()).name);
  return names;
};

Deno.test("what fits is read once, what does not is read every time", async () => {
  const [split, reads] = countingSplit(5);
  const remembered = remember(split, 2 * sampleBytes + sampleBytes - 1);
  await readEach(remembered, [3, 1, 4, 3, 1, 4, 4, 3]);
  assertEquals(reads, [3, 1, 4, 4, 4]);
  assertEquals(remembered.size, 5);
});

Deno.test("a limit of exactly the samples' bytes keeps them all, and a limit of 0 none", async () => {
  const [split, reads] = countingSplit(3);
  await readEach(remember(split, 3 * sampleBytes), [0, 1, 2, 0, 1, 2]);
  assertEquals(reads, [0, 1, 2]);
  await readEach(remember(split, 0), [0, 0]);
  assertEquals(reads, [0, 1, 2, 0, 0]);
});

Deno.test("a sample that is asked for twice at once counts once", async () => {
  const [split, reads] = countingSplit(4);
  const remembered = remember(split, 2 * sampleBytes);
  await Promise.all([remembered.read(0)(), remembered.read(0)(), remembered.read(0)()]);
  await readEach(remembered, [1, 0, 1]);
  assertEquals(reads.filter((index) => index === 1).length, 1);
});

Deno.test("remembering changes no sample", async () => {
  const limit = fc.integer({ min: 0, max: 4 * sampleBytes });
  const indices = fc.array(fc.nat({ max: 5 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(limit, indices, async (bytes, asked) => {
      const [split] = countingSplit(6);
      const remembered = remember(split, bytes);
      for (const index of asked) assertEquals(await remembered.read(index)(), await split.read(index)());
    }),
    { numRuns: 30 },
  );
});

Deno.test("a sample that could not be read is tried again, and its failure is given", async () => {
  const problem = failure("missing", "a.png", "no such file", "a file");
  let tries = 0;
  const broken: Split = {
    ...splitOf([]),
    size: 1,
    read: () => () => {
      tries += 1;
      return TE.left(problem)();
    },
  };
  const remembered = remember(broken);
  assertEquals(await remembered.read(0)(), { _tag: "Left", left: problem });
  await remembered.read(0)();
  assertEquals(tries, 2);
  assertEquals(await readAll(remembered, [0, 0])(), { _tag: "Left", left: problem });
});

Deno.test("a mapped split has the changed samples, and resizing changes image and depth alike", async () => {
  const [split] = countingSplit(3);
  const [before, after] = [
    orThrow(await split.read(2)()),
    orThrow(await mapSplit(split, resizeSample(4, 9)).read(2)()),
  ];
  assertEquals(after.image, resizeImage(4, 9)(before.image));
  assertEquals(after.depth, resizeDepth(4, 9)(before.depth));
  assertEquals([after.name, after.scene], [before.name, before.scene]);
  assertEquals(allIndices(split), [0, 1, 2]);
});

const unchanged: Augmentation = (_, sample) => sample;

Deno.test("the samples of a step are those of its batch, in order", async () => {
  const [split] = countingSplit(7);
  const key = keyOf(9);
  for (const step of [0, 1, 5]) {
    const samples = orThrow(await sampleBatches(augmentedRead(split, unchanged), split, key, 3)(step)());
    const expected = batchIndices(foldIn(key, "order"), 7, 3, step).map(String);
    assertEquals(samples.map(({ name }) => name), expected);
  }
});

Deno.test("a step's samples depend on nothing but key and step, and each is changed in a way of its own", async () => {
  const [split] = countingSplit(40);
  const at = async (seed: number, step: number) =>
    orThrow(await sampleBatches(augmentedRead(split, randomMirror), split, keyOf(seed), 20)(step)());
  const first = await at(1, 3);
  await at(1, 0);
  assertEquals(await at(1, 3), first);
  const mirrored = first.filter(({ depth }) => (depth.metres[0] ?? 0) > (depth.metres[2] ?? 0)).length;
  assert(mirrored > 3 && mirrored < 17, `${mirrored} of 20 mirrored`);
  const names = async (seed: number, step: number) => (await at(seed, step)).map(({ name }) => name).join();
  assertEquals(new Set([await names(1, 2), await names(1, 3), await names(2, 2)]).size, 3);
});

Deno.test("a step of a split without samples is a failure that names the field, and no sample is asked for", async () => {
  const [split] = countingSplit(7);
  const empty = { ...split, size: 0 };
  const read = (): never => {
    throw new Error("a sample was asked for");
  };
  const found = await sampleBatches(read, empty, keyOf(1), 3)(0)();
  assert(found._tag === "Left" && found.left.kind === "data");
  for (const part of ["the training split", "no sample", "data.testShare"]) {
    assertStringIncludes(describe(found.left), part);
  }
});
