import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { type Layer, lift } from "./layer.ts";

/** max(x, 0), any shape. */
export const relu = <C extends number>(
  channels: C,
): Layer<Features<C>, Features<C>, Empty, Empty> => lift((input) => asFeatures(channels, tf.relu(input)));

/** x where x > 0, `slope` · x elsewhere. */
export const leakyRelu = <C extends number>(
  channels: C,
  slope: number,
): Layer<Features<C>, Features<C>, Empty, Empty> => lift((input) => asFeatures(channels, tf.leakyRelu(input, slope)));
