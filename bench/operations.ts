/**
 * Convolutions of each channel by itself and with holes in the filter, on wasm: the time of a multiplication as a multiple of
 * what it takes in this library's direct 3×3 convolution, in the same run: `deno run --allow-read bench/operations.ts`.
 */
import { conv2DGeometry } from "../lib/backend/kernel_arguments.ts";
import { convolve } from "../lib/backend/wasm/convolution.ts";
import { wasmBackend } from "../lib/backend/wasm/frames.ts";
import { openWasm } from "../lib/backend/wasm/open.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { aligned } from "../lib/formats/text_table.ts";
import { medianTime, type Work } from "./measure.ts";

type Four = readonly [batch: number, height: number, width: number, channels: number];
type Kind = "Conv2D" | "DepthwiseConv2dNative";

/** A piece of work and how many multiplications it is. */
interface Counted extends Work {
  readonly multiplications: number;
}

const random = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.randomUniform([...shape], -1, 1, "float32", seed);

const movement = (dilation: number): tf.NamedAttrMap => ({
  strides: [1, 1],
  pad: dilation,
  dataFormat: "NHWC",
  dilations: [dilation, dilation],
});

const kernel = (name: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor => {
  const result: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, inputs, attrs);
  if (!Array.isArray(result)) return result;
  throw new Error(`found a kernel with ${result.length} results, expected one`);
};

/** The library's own convolution of 3×3 with as many channels as its input, and not by Winograd. */
const direct = (input: Four): Counted => {
  const [batch, height, width, channels] = input;
  const [x, filter] = [random(input, 1), random([3, 3, channels, channels], 2)];
  const geometry = conv2DGeometry({ x, filter }, movement(1));
  const run = (): tf.Tensor => {
    const { dataId, shape, dtype } = convolve(wasmBackend(tf.backend()), { x }, filter, geometry, undefined, false);
    return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
  };
  const multiplications = 9 * batch * height * width * channels ** 2;
  return { name: `direct 3×3 [${input}]`, run, multiplications };
};

/** A convolution of 3×3 that keeps the size, and its gradients. */
const threeWays = (kind: Kind, input: Four, outputs: number, dilation: number): readonly Counted[] => {
  const [batch, height, width, channels] = input;
  const depthwise = kind !== "Conv2D";
  const filterShape = [3, 3, channels, depthwise ? outputs / channels : outputs];
  const [x, filter] = [random(input, 1), random(filterShape, 2)];
  const dy = random([batch, height, width, outputs], 3);
  const attrs = movement(dilation);
  const title = `${depthwise ? "depthwise " : ""}3×3, dilation ${dilation} [${input}] → ${outputs}`;
  const runs: readonly (readonly [string, () => tf.Tensor])[] = [
    ["forward", () => kernel(kind, { x, filter }, attrs)],
    ["input gradient", () => kernel(`${kind}BackpropInput`, { dy, filter }, { ...attrs, inputShape: [...input] })],
    ["filter gradient", () => kernel(`${kind}BackpropFilter`, { x, dy }, { ...attrs, filterShape })],
  ];
  const multiplications = 9 * batch * height * width * outputs * (depthwise ? 1 : channels);
  return runs.map(([what, run]) => ({ name: `${title}, ${what}`, run, multiplications }));
};

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The medians over rounds, in each of which every piece of work has its turn. */
const medians = async (works: readonly Counted[], rounds: number): Promise<readonly number[]> => {
  const times: number[][] = works.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [k, work] of works.entries()) times[k]?.push(await medianTime(work, 1));
  }
  return times.map(middle);
};

await openWasm("own");
const reference = direct([1, 57, 76, 256]);
const works: readonly Counted[] = [
  reference,
  direct([1, 29, 38, 256]),
  ...[1, 2].flatMap((batch) => threeWays("DepthwiseConv2dNative", [batch, 57, 76, 256], 256, 1)),
  ...threeWays("DepthwiseConv2dNative", [1, 57, 76, 64], 128, 1),
  ...threeWays("DepthwiseConv2dNative", [1, 57, 76, 3], 3, 1),
  ...threeWays("DepthwiseConv2dNative", [1, 57, 76, 256], 256, 2),
  ...[2, 6, 12].flatMap((dilation) => threeWays("Conv2D", [1, 29, 38, 256], 256, dilation)),
];
const milliseconds = await medians(works, 7);
const unit = (milliseconds[0] ?? NaN) / reference.multiplications;
const rows = works.map(({ name, multiplications }, k) => {
  const time = milliseconds[k] ?? NaN;
  return [name, time.toFixed(2), (multiplications / time / 1e6).toFixed(2), (time / multiplications / unit).toFixed(2)];
});
const heading = ["work", "ms", "10⁹ multiplications/s", "× a multiplication of the first"];
console.log(aligned([heading, ...rows], 1).join("\n"));
