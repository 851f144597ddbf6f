/** Matrix products in the wasm backend's memory, against sums in float64. */
import fc from "fast-check";
import { addressOf, allocate, release, view, wasmBackend } from "../../lib/backend/wasm/frames.ts";
import { multiplyInto } from "../../lib/backend/wasm/product.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { assertClose, noise, openBackends, testOn } from "./support.ts";

const wasm = (await openBackends()).filter(({ backend }) => backend === "wasm");

type Layout = "along k" | "side by side";

interface Case {
  readonly rows: number;
  readonly columns: number;
  /** The lengths of the segments. */
  readonly lengths: readonly number[];
  readonly left: Layout;
  readonly right: Layout;
}

const ceilFour = (value: number): number => Math.ceil(value / 4) * 4;

/** Where element (row, k) of a factor is, which holds `width` rows. */
const place = (layout: Layout, width: number, steps: number) => (row: number, k: number): number =>
  layout === "along k" ? row * steps + k : k * width + row;

/** Multiplies two factors of noise; the result's rows are `columns` + 1 wide, the last number of each being untouched. */
const multiply = ({ rows, columns, lengths, left, right }: Case) => {
  const backend = wasmBackend(tf.backend());
  const steps = lengths.reduce((sum, length) => sum + length, 0);
  // A row of the result is left out if its number leaves 3 when divided by 5.
  const [wide, tall] = [Math.ceil(columns / 8) * 8, ceilFour(rows)];
  const factors = [noise(tall * steps, 1), noise(wide * steps, 2)];
  const [a, b, output] = [
    allocate(backend, [tall * steps]),
    allocate(backend, [wide * steps]),
    allocate(backend, [rows * (columns + 1)]),
  ];
  [a, b].forEach((info, k) => view(backend, info).set(factors[k] ?? []));
  view(backend, output).fill(99);
  const [atA, atB, atOutput] = [a, b, output].map((info) => addressOf(backend, info));
  const leftPlace = place(left, tall, steps);
  const rightPlace = place(right, wide, steps);
  const starts = lengths.map((_, s) => lengths.slice(0, s).reduce((sum, length) => sum + length, 0));
  const perTile = left === "along k" ? 1 : 4;
  multiplyInto(backend, {
    segments: lengths.map((length, s) => ({
      left: 4 * leftPlace(0, starts[s] ?? 0),
      right: (atB ?? 0) + 4 * rightPlace(0, starts[s] ?? 0),
      length,
    })),
    left: {
      layout: left,
      addresses: Int32Array.from({ length: tall / perTile }, (_, m) => (atA ?? 0) + 4 * leftPlace(m * perTile, 0)),
      stride: 4 * tall,
    },
    right: { layout: right, stride: right === "along k" ? 4 * steps : 4 * wide },
    outputs: Int32Array.from(
      { length: tall },
      (_, m) => m >= rows || m % 5 === 3 ? -1 : (atOutput ?? 0) + 4 * m * (columns + 1),
    ),
    columns,
  });
  const found = Float32Array.from(view(backend, output));
  [a, b, output].forEach((info) => release(backend, info));
  const [leftValues = [], rightValues = []] = factors;
  const expected = Float64Array.from(found, (_, at) => {
    const [m, n] = [Math.floor(at / (columns + 1)), at % (columns + 1)];
    if (n === columns || m % 5 === 3) return 99;
    let sum = 0;
    for (let k = 0; k < steps; k++) sum += (leftValues[leftPlace(m, k)] ?? 0) * (rightValues[rightPlace(n, k)] ?? 0);
    return sum;
  });
  return { found, expected };
};

const layout = fc.constantFrom<Layout>("along k", "side by side");

testOn(wasm, "a product of any size, layout and segments is that of the definition, and writes nothing else", () => {
  const backend = tf.backend();
  const before = backend.numDataIds();
  const anyCase = fc.record({
    rows: fc.integer({ min: 1, max: 20 }),
    columns: fc.integer({ min: 1, max: 21 }),
    lengths: fc.array(fc.integer({ min: 1, max: 11 }), { minLength: 1, maxLength: 6 }),
    left: layout,
    right: layout,
  });
  fc.assert(
    fc.property(anyCase, (each) => {
      const { found, expected } = multiply(each);
      assertClose(found, expected, 1e-6);
    }),
    { numRuns: 300, seed: 5 },
  );
  assertEquals(backend.numDataIds(), before, "scratch memory left over");
  return Promise.resolve();
});

// More than one block along k, strip of rows and group of panels: 32 parts of 4, 128 tiles of 4, 32 panels of 8.
const large: readonly Case[] = [
  { rows: 5, columns: 9, lengths: [700], left: "along k", right: "along k" },
  { rows: 5, columns: 8, lengths: [257, 3, 300], left: "side by side", right: "side by side" },
  { rows: 3, columns: 8, lengths: Array.from({ length: 150 }, () => 5), left: "along k", right: "side by side" },
  { rows: 530, columns: 16, lengths: [270], left: "along k", right: "side by side" },
  { rows: 6, columns: 523, lengths: [40, 241], left: "side by side", right: "along k" },
];

large.forEach((each) =>
  testOn(
    wasm,
    `a product of ${each.rows} rows, ${each.columns} columns and ${each.lengths.length} segments is right`,
    () => {
      const { found, expected } = multiply(each);
      assertClose(found, expected, 1e-6);
      return Promise.resolve();
    },
  )
);

testOn(wasm, "rounding errors do not grow with the length of a sum, as they do when it is one sum", () => {
  const { found, expected } = multiply({ rows: 8, columns: 8, lengths: [4608], left: "along k", right: "along k" });
  const errors = expected.map((value, k) => value === 99 ? 0 : ((found[k] ?? 0) - value) ** 2);
  const rms = Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / 56);
  // In one sum of 4608 they come to 2.2e-5, in 36 sums of 128 to 5.0e-6 (computed with Math.fround).
  assert(rms < 8e-6, `root mean square ${rms}`);
  return Promise.resolve();
});

testOn(wasm, "products are right after the memory has grown", () => {
  const backend = wasmBackend(tf.backend());
  const each: Case = { rows: 9, columns: 17, lengths: [33], left: "along k", right: "along k" };
  const before = multiply(each);
  const small = allocate(backend, [1]);
  const bytes = view(backend, small).buffer.byteLength;
  const big = allocate(backend, [bytes / 4]);
  assert(view(backend, big).buffer.byteLength > bytes, "the memory did not grow");
  assertEquals(multiply(each).found, before.found);
  [small, big].forEach((info) => release(backend, info));
  return Promise.resolve();
});
