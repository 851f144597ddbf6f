import { isSoftwareAdapter } from "../../lib/backend/adapter.ts";
import { conv2DBackpropInputKernel, conv2DKernel } from "../../lib/backend/webgpu/convolution.ts";
import { type ConvolutionVariant, convolutionVariant } from "../../lib/backend/webgpu/convolution_variants.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { type Convolution, convolutionShape, convolve } from "./reference.ts";
import { assertClose, dot, noise, openBackends, sizeOf, testOn } from "./support.ts";
import {
  attributes,
  described,
  lanesHere,
  large,
  nameOfVariant,
  read,
  registers,
  run,
  small,
  tiled,
  wide,
  wideWithLanes,
  withLanes,
} from "./webgpu_convolution_support.ts";

const backends = (await openBackends()).filter(({ backend }) => backend === "webgpu");

/** Forward and the input's gradient against the definition in float64, and ⟨Ax, dy⟩ = ⟨x, Aᵀdy⟩. */
const check = async (convolution: Convolution, variant: ConvolutionVariant | undefined): Promise<void> => {
  const { input, filter } = convolution;
  const made = convolutionShape(convolution);
  const [x, w, dy] = [noise(sizeOf(input), 1), noise(sizeOf(filter), 2), noise(sizeOf(made), 3)];
  const expected = convolve(convolution, x, w, dy);
  const attrs = attributes(convolution);
  const weights = tf.tensor(w, [...filter]);
  const y = await read(() => run(conv2DKernel(variant), { x: tf.tensor(x, [...input]), filter: weights }, attrs));
  const dx = await read(() =>
    run(conv2DBackpropInputKernel(variant), { dy: tf.tensor(dy, made), filter: weights }, {
      ...attrs,
      inputShape: [...input],
    })
  );
  weights.dispose();
  assertClose(y, expected.y, 1e-5, "forward");
  assertClose(dx, expected.dx, 1e-5, "gradient of the input");
  const scale = Math.sqrt(dot(y, y) * dot(dy, dy)) + 1;
  assert(Math.abs(dot(y, dy) - dot(x, dx)) < 1e-5 * scale, "⟨Ax, dy⟩ = ⟨x, Aᵀdy⟩");
};

const shapes: readonly Convolution[] = [
  described([1, 8, 10, 8], [1, 1, 8, 12]),
  described([3, 5, 7, 20], [1, 1, 20, 36]),
  described([1, 15, 19, 8], [3, 3, 8, 16], 1, 1),
  described([3, 7, 5, 4], [3, 3, 4, 8], 1, 1),
  described([1, 8, 10, 8], [1, 1, 8, 4], 2),
  described([3, 9, 7, 4], [1, 1, 4, 8], 2),
  described([1, 8, 10, 4], [3, 3, 4, 4], 2, 1),
  described([3, 15, 19, 8], [3, 3, 8, 4], 2, 1),
  described([1, 14, 19, 3], [7, 7, 3, 8], 2, 3),
  described([1, 9, 11, 8], [3, 3, 8, 1], 1, 1),
  described([3, 4, 5, 1], [3, 3, 1, 5], 1, 1),
  described([1, 7, 6, 5], [3, 3, 5, 6], 1, 1),
  described([1, 6, 9, 2], [5, 1, 2, 3], [1, 2], [2, 2, 0, 1]),
  described([3, 7, 5, 3], [2, 3, 3, 4], [3, 1], [2, 0, 0, 1]),
  described([1, 1, 1, 4], [1, 1, 4, 4], 3),
  described([1, 3, 5, 300], [1, 1, 300, 7]),
];

const nameOf = ({ input, filter, stride, padding }: Convolution): string =>
  `[${input}] with [${filter}], stride ${stride}, padding ${padding}`;

shapes.forEach((shape) =>
  testOn(backends, `${nameOf(shape)}, has the values and the input gradient of the definition`, async () => {
    for (const variant of [...small, ...withLanes(lanesHere())]) await check(shape, variant);
  })
);

const many = described([1, 12, 13, 36], [3, 3, 36, 72], 1, 1);
const strided = described([3, 9, 8, 36], [3, 3, 36, 5], 2, 1);

[...large, ...wide].forEach((variant) =>
  testOn(backends, `the variant ${nameOfVariant(variant)} computes what the definition says`, async () => {
    await check(many, variant);
    await check(strided, variant);
  })
);

testOn(
  backends,
  "the table's choice, with subgroups where there are any, computes what the definition says",
  async () => {
    for (const variant of [undefined, ...wideWithLanes(lanesHere())]) {
      await check(many, variant);
      await check(strided, variant);
    }
  },
);

testOn(backends, "a dilated filter is one with zeros between its taps", async () => {
  const w = noise(9, 2);
  const holed = Array.from({ length: 25 }, (_, k) => k % 2 === 0 && Math.floor(k / 5) % 2 === 0 ? w : [])
    .map((taps, k) => taps[Math.floor(k / 10) * 3 + k % 5 / 2] ?? 0);
  const x = noise(63, 1);
  const { y } = convolve(described([1, 7, 9, 1], [5, 5, 1, 1]), x, holed, noise(15, 3));
  const found = await read(() =>
    run(conv2DKernel(), { x: tf.tensor(x, [1, 7, 9, 1]), filter: tf.tensor(w, [3, 3, 1, 1]) }, {
      strides: [1, 1],
      pad: "valid",
      dataFormat: "NHWC",
      dilations: [2, 2],
    })
  );
  assertClose(found, y);
});

testOn(backends, "long sums are rounded in blocks: the error stays below that of one sum after the other", async () => {
  const channels = 9216;
  const x = noise(channels, 1).map(Math.abs);
  const w = noise(channels * 8, 2).map(Math.abs);
  const { y } = convolve(described([1, 1, 1, channels], [1, 1, channels, 8]), x, w, noise(8, 3));
  for (const variant of [...small, ...withLanes(lanesHere())]) {
    const found = await read(() =>
      run(conv2DKernel(variant), { x: tf.tensor(x, [1, 1, 1, channels]), filter: tf.tensor(w, [1, 1, channels, 8]) }, {
        strides: 1,
        pad: 0,
      })
    );
    const error = Math.max(...Array.from(found, (value, k) => Math.abs(value / (y[k] ?? 1) - 1)));
    assert(error < 6e-7, `${nameOfVariant(variant)}: relative error ${error}`);
  }
});

testOn(backends, "repeats give the same bits", async () => {
  const inputs = (): tf.NamedTensorMap => ({
    x: tf.tensor(noise(15 * 19 * 32, 1), [1, 15, 19, 32]),
    filter: tf.tensor(noise(9 * 32 * 32, 2), [3, 3, 32, 32]),
  });
  const once = () => read(() => run(conv2DKernel(), inputs(), { strides: 1, pad: 1 }));
  assertEquals(await once(), await once());
});

Deno.test("software adapters are known by what they say of themselves or by name", () => {
  const adapter = {
    isFallbackAdapter: false,
    vendor: "",
    architecture: "",
    device: "",
    description: "",
    subgroupMinSize: 4,
    subgroupMaxSize: 128,
  };
  assertEquals(isSoftwareAdapter({ ...adapter, vendor: "nvidia", description: "NVIDIA H200" }), false);
  assertEquals(isSoftwareAdapter({ ...adapter, isFallbackAdapter: true }), true);
  assertEquals(isSoftwareAdapter({ ...adapter, description: "llvmpipe (LLVM 15.0.6, 256 bits)" }), true);
  assertEquals(isSoftwareAdapter({ ...adapter, vendor: "google", architecture: "SwiftShader" }), true);
});

Deno.test("the table takes registers alone for software, and smaller tiles for smaller results", () => {
  const size = { pixels: 8 * 57 * 76, channels: 256 };
  assertEquals(convolutionVariant({ software: true, lanes: 0 }, size).kind, "registers");
  assertEquals(convolutionVariant({ software: true, lanes: 8 }, size), registers(4, 8, 8, true));
  assertEquals(convolutionVariant({ software: false, lanes: 32 }, size), tiled(128, 64, 8, 8));
  assertEquals(convolutionVariant({ software: false, lanes: 0 }, { pixels: 80, channels: 512 }), tiled(32, 32, 4, 4));
  assertEquals(convolutionVariant({ software: false, lanes: 0 }, { pixels: 4332, channels: 1 }), tiled(128, 4, 4, 4));
});
