/** What the tests of losses share: the wasm backend, depth maps from numbers, and gradients as numbers. */
import { openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import { type Loss, type LossContext, lossContext } from "../../lib/loss/loss.ts";
import { asFeatures, type DepthMaps, type Scalar } from "../../lib/tensor/features.ts";
import { type Key, keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { assert } from "../std.ts";

/** Makes wasm the backend of all tests of the file. */
export const openWasm = async (): Promise<void> => {
  orThrow(await openDevice("wasm")());
};

/** A batch of depth maps as plain numbers. */
export interface Maps {
  readonly shape: readonly [batch: number, height: number, width: number];
  readonly values: readonly number[];
}

/** The maps as a tensor, which the caller owns. */
export const tensorOf = ({ shape: [batch, height, width], values }: Maps): DepthMaps =>
  asFeatures(1, tf.tensor4d([...values], [batch, height, width, 1]));

/** The colours that losses see beside depth maps of a shape. */
export const coloursOf = ([batch, height, width]: Maps["shape"]): readonly number[] =>
  scattered(batch * height * width * 3, 0, 1, 99);

/** What losses see beside depth maps of a shape, in a scope that frees it. */
export const contextOf = (shape: Maps["shape"], key: Key = keyOf(0), step = 0): LossContext => {
  const [batch, height, width] = shape;
  return lossContext(asFeatures(3, tf.tensor4d([...coloursOf(shape)], [batch, height, width, 3])), step, key);
};

/** Ground truth, prediction and valid mask of one shape. */
export interface Comparison {
  readonly target: Maps;
  readonly prediction: Maps;
  readonly mask: Maps;
}

/** The value of a scalar that is computed in a scope of its own. */
export const numberOf = (run: () => Scalar): number => {
  const [value] = scope(() => run().dataSync());
  assert(value !== undefined);
  return value;
};

/** The loss as a number. */
export const lossOf = (loss: Loss, { target, prediction, mask }: Comparison): number =>
  numberOf(() => loss(tensorOf(target), tensorOf(prediction), tensorOf(mask), contextOf(target.shape)));

/** The gradient of the loss by every pixel of the prediction. */
export const gradientOf = (loss: Loss, { target, prediction, mask }: Comparison): readonly number[] =>
  scope(() => {
    const [truth, valid] = [tensorOf(target), tensorOf(mask)];
    const at = contextOf(target.shape);
    const gradient = tf.grad((x: tf.Tensor) => loss(truth, asFeatures(1, x), valid, at));
    return Array.from(gradient(tensorOf(prediction)).dataSync());
  });

/** Numbers that look random and are the same in every run: the fractional parts of multiples of the golden ratio. */
export const scattered = (count: number, least: number, most: number, offset = 0): readonly number[] =>
  Array.from({ length: count }, (_, at) => least + (most - least) * (((at + 1 + offset) * 0.6180339887498949) % 1));

/** Central differences of a function of many numbers. */
export const centralDifferences = (
  f: (values: readonly number[]) => number,
  values: readonly number[],
  step = 1e-6,
): readonly number[] =>
  values.map((_, at) => {
    const moved = (by: number) => values.map((value, index) => index === at ? value + by : value);
    return (f(moved(step)) - f(moved(-step))) / (2 * step);
  });
