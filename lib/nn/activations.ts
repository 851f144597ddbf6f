/** What computes without parameters: layers and functions of tensors, some with a gradient of their own. */
import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { type Layer, lift } from "./layer.ts";

/** max(x, 0), any shape. */
export const relu = <C extends number>(
  channels: C,
): Layer<Features<C>, Features<C>, Empty, Empty> => lift((input) => asFeatures(channels, tf.relu(input)));

/** x times its own derivative, which is saved: TensorFlow.js's gradient compares and selects, six times as slow on wasm. */
const timesSlope = (input: tf.Tensor, slope: number): tf.Tensor =>
  tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const derivative = tf.step(x, slope);
    save([derivative]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => saved.map((kept) => tf.mul(dy, kept));
    return { value: tf.mul(x, derivative), gradFunc };
  })(input);

/** x where x > 0, `slope` · x elsewhere. */
export const leakyRelu = <C extends number>(
  channels: C,
  slope: number,
): Layer<Features<C>, Features<C>, Empty, Empty> => lift((input) => asFeatures(channels, timesSlope(input, slope)));
