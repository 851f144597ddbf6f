import { runFused } from "../../lib/backend/kernels.ts";
import { filterGradientKernel } from "../../lib/backend/webgpu/conv2d_backprop_filter.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { type Convolution, convolutionShape, convolve } from "./reference.ts";
import { assertClose, dot, noise, sizeOf, testOn } from "./support.ts";
import { countDispatches, openWebGpu, registerAs, runKernel } from "./webgpu_support.ts";

const devices = await openWebGpu();
const kernels: Readonly<Record<string, tf.KernelFunc>> = {
  direct: filterGradientKernel("direct", true),
  "GPUs' direct": filterGradientKernel("direct", false),
  windows: filterGradientKernel("windows", true),
  "GPUs' windows": filterGradientKernel("windows", false),
  tiled: filterGradientKernel("tiled"),
};
const variants = Object.keys(kernels);
const nameOf = (variant: string): string => `FilterGradient ${variant}`;
Object.entries(kernels).forEach(([variant, kernel]) => registerAs(nameOf(variant), kernel));

type Four = readonly [number, number, number, number];

/** Convolutions with a padding of ⌊kernel / 2⌋ zeros: [input, filter, stride]. */
const shapes: readonly (readonly [Four, Four, number])[] = [
  [[1, 15, 19, 32], [3, 3, 32, 20], 1],
  [[3, 8, 10, 4], [3, 3, 4, 8], 1],
  [[1, 57, 76, 4], [3, 3, 4, 4], 1],
  [[2, 29, 38, 5], [3, 3, 5, 3], 1],
  [[3, 9, 7, 6], [3, 3, 6, 1], 1],
  [[1, 8, 10, 1], [3, 3, 1, 7], 1],
  [[3, 9, 11, 8], [1, 1, 8, 72], 1],
  [[1, 15, 19, 72], [1, 1, 72, 8], 2],
  [[3, 8, 10, 5], [1, 1, 5, 3], 2],
  [[1, 21, 26, 3], [7, 7, 3, 64], 2],
  [[3, 8, 5, 3], [7, 7, 3, 5], 2],
  [[1, 1, 1, 1], [1, 1, 1, 1], 1],
  [[1, 2, 1, 2], [3, 3, 2, 2], 1],
  [[1, 57, 76, 12], [3, 3, 12, 1], 1],
  [[2, 36, 48, 1], [3, 3, 1, 16], 1],
  [[1, 16, 21, 8], [3, 3, 8, 2], 2],
];

const described = ([input, filter, stride]: readonly [Four, Four, number]): Convolution => {
  const side = Math.floor(filter[0] / 2);
  return { input, filter, stride: [stride, stride], padding: [side, side, side, side] };
};

const attributesOf = ({ filter, stride, padding }: Convolution): tf.NamedAttrMap => ({
  strides: [...stride],
  pad: [[0, 0], [padding[0], padding[1]], [padding[2], padding[3]], [0, 0]],
  dataFormat: "NHWC",
  filterShape: [...filter],
});

const inputsOf = (convolution: Convolution) => {
  const shape = convolutionShape(convolution);
  return {
    x: { shape: convolution.input, values: noise(sizeOf(convolution.input), 1) },
    dy: { shape, values: noise(sizeOf(shape), 2) },
  };
};

/** Checks the filter's gradient against the definition in float64, and ⟨conv(x, w), dy⟩ = ⟨w, dw⟩. */
const check = async (variant: string, convolution: Convolution): Promise<void> => {
  const { x, dy } = inputsOf(convolution);
  const w = noise(sizeOf(convolution.filter), 3);
  const [dw = []] = await runKernel(nameOf(variant), { x, dy }, attributesOf(convolution));
  const expected = convolve(convolution, x.values, w, dy.values);
  assertClose(dw, expected.dw, 1e-5);
  const [left, right] = [dot(expected.y, dy.values), dot(w, dw)];
  assert(Math.abs(left - right) < 1e-5 * (1 + Math.sqrt(dot(expected.y, expected.y) * dot(dy.values, dy.values))));
};

for (const variant of variants) {
  for (const shape of shapes) {
    const [input, filter, stride] = shape;
    testOn(
      devices,
      `the ${variant} filter gradient of [${input}] with [${filter}], stride ${stride}, is the definition's`,
      () => check(variant, described(shape)),
    );
  }

  testOn(devices, `the ${variant} filter gradient is right with other strides and padding at each side`, async () => {
    await check(variant, { input: [2, 7, 9, 4], filter: [3, 2, 4, 4], stride: [2, 1], padding: [2, 0, 0, 1] });
    await check(variant, { input: [1, 6, 9, 2], filter: [5, 1, 2, 3], stride: [1, 2], padding: [2, 2, 0, 1] });
    await check(variant, { input: [1, 3, 3, 4], filter: [2, 5, 4, 3], stride: [3, 2], padding: [6, 5, 4, 6] });
  });

  testOn(devices, `the ${variant} filter gradient has the same bits each time`, async () => {
    const convolution = described([[2, 29, 38, 8], [3, 3, 8, 12], 1]);
    const run = () => runKernel(nameOf(variant), inputsOf(convolution), attributesOf(convolution));
    assertEquals(await run(), await run());
  });

  testOn(devices, `the ${variant} filter gradient does not let padding spread infinities`, async () => {
    // To the right of the first row's padding lies the infinity in memory, which the filter's last column never reads.
    const convolution = described([[1, 3, 3, 1], [3, 3, 1, 1], 1]);
    const x = { shape: convolution.input, values: [0, 0, 0, Infinity, 0, 0, 0, 0, 0] };
    const dy = { shape: [1, 3, 3, 1], values: Array.from({ length: 9 }, () => 1) };
    const [dw = []] = await runKernel(nameOf(variant), { x, dy }, attributesOf(convolution));
    assertEquals([...dw], [0, 1, 2].flatMap(() => [Infinity, Infinity, 0]));
  });

  testOn(devices, `the ${variant} filter gradient takes at most two dispatches`, () => {
    const convolution = described([[2, 29, 38, 8], [3, 3, 8, 12], 1]);
    tf.tidy(() => {
      const [x, dy] = [tf.zeros([...convolution.input]), tf.zeros(convolutionShape(convolution))];
      assertEquals(countDispatches(() => runFused(nameOf(variant), { x, dy }, attributesOf(convolution))), 2);
    });
    return Promise.resolve();
  });
}

testOn(devices, "the filter gradient that the table chooses is the definition's", async () => {
  registerAs(nameOf("chosen"), filterGradientKernel());
  for (const shape of shapes) await check("chosen", described(shape));
});
