import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features, type Tensor2D } from "../tensor/features.ts";
import type { Empty } from "../tensor/tree.ts";
import { type Layer, lift } from "./layer.ts";

/** 3×3 maximum with stride 2 and one pixel of padding: (batch, height, width, C) → (batch, ⌈height / 2⌉, ⌈width / 2⌉, C). */
export const maxPool = <C extends number>(
  channels: C,
): Layer<Features<C>, Features<C>, Empty, Empty> =>
  lift((input) => asFeatures(channels, tf.maxPool<tf.Tensor4D>(input, 3, 2, 1, "floor")));

/** The mean over height and width: (batch, height, width, C) → (batch, C). */
export const globalAveragePool = <C extends number>(
  _channels: C,
): Layer<Features<C>, Tensor2D, Empty, Empty> => lift((input): Tensor2D => tf.mean(input, [1, 2]));
