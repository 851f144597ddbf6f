import fc from "fast-check";
import { foldIn, hashName, type Key, keyOf, normals, permutation, threefry, uniforms } from "../../lib/tensor/key.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "../std.ts";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

/** The largest distance between the empirical and the given cumulative distribution: Kolmogorov's and Smirnov's. */
const largestDistance = (draws: ArrayLike<number>, cumulative: (value: number) => number): number =>
  Array.from(draws).sort((a, b) => a - b).reduce((most, value, rank, { length }) => {
    const expected = cumulative(value);
    return Math.max(most, Math.abs(expected - rank / length), Math.abs(expected - (rank + 1) / length));
  }, 0);

/** Exceeded by one honest sample in 10,000 (Smirnov 1948); seeds are fixed, so that it is never. */
const bound = (count: number): number => 2.23 / Math.sqrt(count);

const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

const centred = (values: ArrayLike<number>): readonly number[] => {
  const middle = mean(values);
  return Array.from(values, (value) => value - middle);
};

const correlation = (first: ArrayLike<number>, second: ArrayLike<number>): number => {
  const [a, b] = [centred(first), centred(second)];
  const product = (x: readonly number[], y: readonly number[]) => mean(x.map((v, at) => v * (y[at] ?? NaN)));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
};

/** Φ by the trapezoidal rule, in steps fine enough for the bounds here. */
const normalCumulative = (value: number): number => {
  const steps = 60;
  const density = (x: number) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  const width = value / steps;
  const inner = Array.from({ length: steps - 1 }, (_, k) => density((k + 1) * width)).reduce((sum, d) => sum + d, 0);
  return 0.5 + width * (inner + (density(0) + density(value)) / 2);
};

Deno.test("threefry gives the published answers of Random123 for 2x32 and 20 rounds", () => {
  const ones = 0xFFFFFFFF;
  assertEquals(threefry([0, 0], 0, 0), [0x6B200159, 0x99BA4EFE]);
  assertEquals(threefry([ones, ones], ones, ones), [0x1CB996FC, 0xBB002BE7]);
  assertEquals(threefry([0x13198A2E, 0x03707344], 0x243F6A88, 0x85A308D3), [0xC4923A9C, 0x483DF7A0]);
});

Deno.test("different seeds have different keys, also those beyond 32 bits", () => {
  assertEquals(keyOf(7), [0, 7]);
  assertEquals(keyOf(2 ** 32 + 7), [1, 7]);
  fc.assert(fc.property(seeds, (seed) => {
    const [high, low] = keyOf(seed);
    return high * 2 ** 32 + low === seed;
  }));
});

Deno.test("names are hashed by FNV-1a", () => {
  assertEquals(["", "a", "foobar"].map(hashName), [0x811C9DC5, 0xE40C292C, 0xBF9CF968]);
});

Deno.test("folding depends on the key and on the whole name, and on nothing else", () => {
  const names: readonly (string | number)[] = ["conv1", "conv2", "1vnoc", "", 0, 1, "0", "1", 2 ** 32, 2 ** 32 + 1];
  const keys = [keyOf(1), keyOf(2), keyOf(2 ** 32 + 1), foldIn(keyOf(1), "conv1")];
  const folded = keys.flatMap((key) => names.map((name) => foldIn(key, name).join()));
  assertEquals(new Set(folded).size, keys.length * names.length);
  assertEquals(foldIn(keyOf(1), "conv1"), foldIn(keyOf(1), "conv1"));
  assertNotEquals(foldIn(foldIn(keyOf(1), "a"), "b"), foldIn(foldIn(keyOf(1), "b"), "a"));
});

Deno.test("draws of folded keys are independent of each other and of their parent's", () => {
  const parent = keyOf(5);
  const children: readonly Key[] = [
    parent,
    foldIn(parent, "a"),
    foldIn(parent, "b"),
    foldIn(parent, 0),
    foldIn(parent, 1),
  ];
  const samples = children.map((key) => normals(key, 4000));
  samples.forEach((first, i) =>
    samples.slice(i + 1).forEach((second) => assert(Math.abs(correlation(first, second)) < 4 / Math.sqrt(4000)))
  );
});

Deno.test("uniforms are spread evenly over 0…1, 1 left out", () => {
  for (const seed of [1, 2, 3]) {
    const draws = uniforms(keyOf(seed), 20_001);
    assert(draws.every((value) => value >= 0 && value < 1));
    assert(new Set(draws).size > 0.99 * draws.length, "draws repeat themselves");
    assert(largestDistance(draws, (value) => value) < bound(draws.length));
    assert(Math.abs(correlation(draws.slice(1), draws.slice(0, -1))) < 4 / Math.sqrt(20_000));
  }
});

Deno.test("normals have the standard normal distribution", () => {
  for (const seed of [1, 2]) {
    const draws = normals(keyOf(seed), 20_001);
    assert(largestDistance(draws, normalCumulative) < bound(draws.length));
    assert(new Set(draws).size > 0.99 * draws.length, "draws repeat themselves");
    assertAlmostEquals(mean(draws), 0, 4 / Math.sqrt(draws.length));
    assertAlmostEquals(mean(draws.map((v) => v * v)), 1, 4 * Math.sqrt(2 / draws.length));
    assertAlmostEquals(mean(Float64Array.from(draws, (v) => v ** 4)), 3, 4 * Math.sqrt(96 / draws.length));
    assert(Math.abs(correlation(draws.slice(1), draws.slice(0, -1))) < 4 / Math.sqrt(20_000));
    assert(draws.every(Number.isFinite));
  }
});

Deno.test("fewer draws are the beginning of more, so that a count can be odd", () => {
  fc.assert(fc.property(seeds, fc.nat({ max: 40 }), fc.nat({ max: 10 }), (seed, count, more) => {
    const key = keyOf(seed);
    assertEquals(uniforms(key, count), uniforms(key, count + more).slice(0, count));
    assertEquals(normals(key, count), normals(key, count + more).slice(0, count));
  }));
});

Deno.test("a permutation holds every index once", () => {
  fc.assert(fc.property(seeds, fc.nat({ max: 200 }), (seed, count) => {
    const order = permutation(keyOf(seed), count);
    assertEquals(Array.from(order).sort((a, b) => a - b), Array.from({ length: count }, (_, index) => index));
  }));
});

Deno.test("all orders of four things are equally frequent", () => {
  const orders = Array.from({ length: 4800 }, (_, seed) => permutation(keyOf(seed), 4).join());
  const counts = Object.values(Object.groupBy(orders, (order) => order)).map((group) => group?.length ?? 0);
  assertEquals(counts.length, 24);
  const chiSquare = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
  assert(chiSquare < 60, `χ² of 23 degrees of freedom is ${chiSquare}: beyond 60 once in 30,000 times`);
});
