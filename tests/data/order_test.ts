import fc from "fast-check";
import { batchIndices } from "../../lib/data/split.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";

const size = fc.integer({ min: 1, max: 40 });
const batch = fc.integer({ min: 1, max: 50 });
const seed = fc.nat();

/** The samples of the first steps one after the other. */
const taken = (seed: number, size: number, batch: number, steps: number): readonly number[] =>
  Array.from({ length: steps }, (_, step) => batchIndices(keyOf(seed), size, batch, step)).flat();

Deno.test("every epoch takes every sample exactly once, whatever the batch", () => {
  fc.assert(fc.property(size, batch, seed, (size, batch, seed) => {
    const epochs = 3;
    const order = taken(seed, size, batch, Math.ceil(epochs * size / batch));
    for (let epoch = 0; epoch < epochs; epoch++) {
      const own = order.slice(epoch * size, (epoch + 1) * size);
      assertEquals(own.toSorted((a, b) => a - b), Array.from({ length: size }, (_, index) => index));
    }
  }));
});

Deno.test("every batch is full", () => {
  fc.assert(fc.property(size, batch, seed, fc.nat({ max: 1_000_000 }), (size, batch, seed, step) => {
    const indices = batchIndices(keyOf(seed), size, batch, step);
    assertEquals(indices.length, batch);
    indices.forEach((index) => assert(Number.isInteger(index) && index >= 0 && index < size));
  }));
});

Deno.test("the order does not depend on how it is cut into batches, nor on steps before", () => {
  fc.assert(fc.property(size, seed, (size, seed) => {
    const one = taken(seed, size, 1, 12);
    assertEquals(taken(seed, size, 4, 3), one);
    assertEquals(taken(seed, size, 12, 1), one);
    assertEquals(batchIndices(keyOf(seed), size, 4, 2), one.slice(8, 12));
  }));
});

Deno.test("each epoch has an order of its own, and so has each key", () => {
  const epochs = [0, 1, 2].map((step) => batchIndices(keyOf(5), 30, 30, step).join());
  const keys = [1, 2, 3].map((seed) => batchIndices(keyOf(seed), 30, 30, 0).join());
  assertEquals(new Set([...epochs, ...keys]).size, 6);
  const inOrder = Array.from({ length: 30 }, (_, index) => index).join();
  assert(![...epochs, ...keys].includes(inOrder), "a split that is not shuffled");
});

Deno.test("there is no batch of no samples, nor of an order that leaves some out", () => {
  assertThrows(() => batchIndices(keyOf(1), 0, 3, 0), "0 samples");
  assertThrows(() => batchIndices(keyOf(1), 4, 3, 0, () => Uint32Array.of(0, 1, 2)), "an order of 3 samples");
  assertEquals(batchIndices(keyOf(1), 4, 3, 1, () => Uint32Array.of(3, 1, 2, 0)), [0, 3, 1]);
});
