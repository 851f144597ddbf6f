import { tf } from "../../lib/dependencies/tensorflow.ts";
import { fromFunction } from "../../lib/nn/layer.ts";
import { globalAveragePool, leakyRelu, maxPool, relu, sumOfValues } from "../../lib/nn/operations.ts";
import { asFeatures, type Features } from "../../lib/tensor/features.ts";
import { maxPool as referencePool } from "../backend/reference.ts";
import { assertClose } from "../backend/support.ts";
import { assertEquals } from "../std.ts";
import { featuresOf, onBackend, read, valuesOf } from "../support.ts";
import { channelMeans, type Four, mapValues } from "./reference.ts";
import { noiseMaps, tensorOf } from "./support.ts";

const nothing = { params: {}, statistics: {} };
const signs = [-3, -0.5, 0, 0.5, 3, -1e-3];

onBackend("ReLU keeps what is positive, and passes no gradient where it does not", async () => {
  const layer = relu(1);
  const { y, slope } = await read(() => {
    const run = (x: tf.Tensor) => layer.apply(nothing, asFeatures(1, x), "training")[0];
    const input = featuresOf([1, 2, 3, 1], signs);
    return { y: run(input), slope: tf.grad(run)(input) };
  });
  assertEquals(y.values, Float32Array.from([0, 0, 0, 0.5, 3, 0]));
  assertEquals(slope.values, Float32Array.from([0, 0, 0, 1, 1, 0]));
});

for (const slope of [0.01, 0.2]) {
  onBackend(`leaky ReLU multiplies what is negative by ${slope}, and its gradient too`, async () => {
    const layer = leakyRelu(1, slope);
    const { y, dx } = await read(() => {
      const run = (x: tf.Tensor) => layer.apply(nothing, asFeatures(1, x), "training")[0];
      const input = featuresOf([1, 2, 3, 1], signs);
      return { y: run(input), dx: tf.grad(run)(input) };
    });
    assertClose(y.values, signs.map((value) => value > 0 ? value : slope * value), 1e-6);
    assertClose(dx.values.filter((_, at) => at !== 2), [slope, slope, 1, 1, slope], 1e-6);
  });
}

const shapes: readonly Four[] = [[1, 7, 9, 1], [2, 8, 6, 3], [1, 5, 8, 2], [2, 1, 2, 1], [1, 1, 1, 1]];

onBackend(
  "the maximum is over 3×3 pixels around every second one, at odd and even sizes, whatever the signs",
  async () => {
    for (const shape of shapes) {
      const maps = mapValues(noiseMaps(shape, 5), (value, channel) => value - channel);
      const output = await read(() => ({
        y: maxPool(shape[3]).apply(nothing, tensorOf(shape[3], maps), "inference")[0],
      }));
      const [batch, height, width, channels] = shape;
      assertEquals(output.y.shape, [batch, Math.ceil(height / 2), Math.ceil(width / 2), channels]);
      assertClose(output.y.values, referencePool(shape, maps.values, [], "first").y, 1e-6);
    }
  },
);

onBackend("the global average is the mean over height and width of each image and channel", async () => {
  const maps = noiseMaps([2, 3, 5, 2], 4);
  const { y } = await read(() => ({
    y: globalAveragePool(2).apply(nothing, tensorOf(2, maps), "inference")[0],
  }));
  const images = [0, 1].map((n) => ({ shape: [1, 3, 5, 2] as const, values: maps.values.slice(n * 30, n * 30 + 30) }));
  assertEquals(y.shape, [2, 2]);
  assertClose(y.values, images.flatMap(channelMeans), 1e-6);
});

onBackend("a lifted function is a layer that learns nothing and is the same in both modes", async () => {
  const layer = fromFunction((x: Features<1>): Features<1> => tf.square(x));
  for (const mode of ["training", "inference"] as const) {
    const values = await valuesOf(() => layer.apply(nothing, featuresOf([1, 1, 6, 1], signs), mode)[0]);
    assertClose(values, signs.map((value) => value * value), 1e-6);
  }
  assertEquals(layer.init([1, 2]), nothing);
});

onBackend("the sum of nothing is 0, whatever was in memory before", async () => {
  for (const value of [7, -3]) {
    tf.dispose(tf.fill([1], value));
    const { sum } = await read(() => ({ sum: sumOfValues(tf.zeros<tf.Rank.R4>([2, 0, 3, 1])) }));
    assertEquals([...sum.values], [0]);
  }
});
