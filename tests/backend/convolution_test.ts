import fc from "fast-check";
import { assert } from "../std.ts";
import { type Convolution, convolutionShape, convolve } from "./reference.ts";
import {
  assertClose,
  convolution,
  dot,
  forwardAndBackward,
  fourOf,
  noise,
  openBackends,
  type Padding,
  sizeOf,
  testOn,
} from "./support.ts";

const backends = await openBackends();

/** What a padding of TensorFlow.js means: [top, bottom, left, right]. */
const explicit = (
  padding: Padding,
  input: readonly number[],
  filter: readonly number[],
  stride: readonly number[],
): [number, number, number, number] => {
  if (padding === "valid") return [0, 0, 0, 0];
  if (typeof padding === "number") {
    return [padding, padding, padding, padding];
  }
  if (padding === "same") {
    const [top, bottom, left, right] = [0, 1].flatMap((axis) => {
      const size = input[axis + 1] ?? 1;
      const step = stride[axis] ?? 1;
      const needed = (Math.ceil(size / step) - 1) * step +
        (filter[axis] ?? 1) - size;
      const total = Math.max(0, needed);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return fourOf([top ?? 0, bottom ?? 0, left ?? 0, right ?? 0]);
  }
  const [, [top, bottom], [left, right]] = padding;
  return [top, bottom, left, right];
};

/** Checks forward, both gradients and their adjoint identities of one convolution against the float64 reference. */
const checkConvolution = async (
  input: readonly number[],
  filter: readonly number[],
  stride: readonly [number, number],
  padding: Padding,
): Promise<void> => {
  const described: Convolution = {
    input: fourOf(input),
    filter: fourOf(filter),
    stride,
    padding: explicit(padding, input, filter, stride),
  };
  const x = noise(sizeOf(input), 1);
  const w = noise(sizeOf(filter), 2);
  const dy = noise(sizeOf(convolutionShape(described)), 3);
  const expected = convolve(described, x, w, dy);
  const { value, gradients: [dx = [], dw = []] } = await forwardAndBackward(
    convolution(stride, padding),
    [{ shape: [...input], values: x }, { shape: [...filter], values: w }],
    dy,
  );
  assertClose(value, expected.y, 1e-5, "forward");
  assertClose(dx, expected.dx, 1e-5, "gradient of the input");
  assertClose(dw, expected.dw, 1e-5, "gradient of the filter");
  const product = dot(value, dy);
  const scale = Math.sqrt(dot(value, value) * dot(dy, dy)) + 1;
  assert(Math.abs(product - dot(x, dx)) < 1e-5 * scale, "⟨Ax, y⟩ = ⟨x, Aᵀy⟩");
  assert(Math.abs(product - dot(w, dw)) < 1e-5 * scale, "⟨Aw, y⟩ = ⟨w, Aᵀy⟩");
};

/** What no layer of the library takes: paddings that differ from side to side, and strides that differ. */
const cases: readonly {
  readonly input: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly stride: readonly [number, number];
  readonly padding: Padding;
}[] = [
  { input: [3, 8, 6, 1], filter: [3, 3, 1, 2], stride: [1, 1], padding: "same" },
  { input: [1, 9, 6, 2], filter: [3, 3, 2, 2], stride: [2, 2], padding: "same" },
  { input: [1, 9, 7, 5], filter: [1, 1, 5, 1], stride: [2, 2], padding: "valid" },
  { input: [3, 9, 6, 2], filter: [3, 3, 2, 2], stride: [2, 2], padding: "valid" },
  { input: [1, 6, 9, 2], filter: [5, 1, 2, 3], stride: [1, 2], padding: [[0, 0], [2, 2], [0, 1], [0, 0]] },
  {
    input: [3, 7, 5, 2],
    filter: [3, 2, 2, 3],
    stride: [2, 1],
    padding: [[0, 0], [2, 0], [0, 1], [0, 0]],
  },
];

cases.forEach(({ input, filter, stride, padding }) =>
  testOn(
    backends,
    `conv2d of [${input}] with [${filter}], stride ${stride}, padding ${
      JSON.stringify(padding)
    }, has the values and gradients of the definition`,
    () => checkConvolution(input, filter, stride, padding),
  )
);

const geometry = fc.record({
  input: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 4 }),
  ),
  taps: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
  outputs: fc.integer({ min: 1, max: 4 }),
  stride: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  padding: fc.tuple(
    fc.nat({ max: 6 }),
    fc.nat({ max: 6 }),
    fc.nat({ max: 6 }),
    fc.nat({ max: 6 }),
  ),
}).filter(({ input: [, h, w], taps: [r, s], padding: [a, b, c, d] }) => h + a + b >= r && w + c + d >= s);

testOn(
  backends.filter(({ backend }) => backend === "wasm"),
  "conv2d has the gradients of the definition whatever the geometry",
  () =>
    fc.assert(
      fc.asyncProperty(
        geometry,
        ({ input, taps, outputs, stride, padding: [a, b, c, d] }) =>
          checkConvolution(
            input,
            [...taps, input[3], outputs],
            stride,
            [[0, 0], [a, b], [c, d], [0, 0]],
          ),
      ),
      { numRuns: 200, seed: 7 },
    ),
);
