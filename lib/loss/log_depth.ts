import { tf } from "../dependencies/tensorflow.ts";
import type { DepthMaps, Tensor4D, ValidMasks } from "../tensor/features.ts";
import { onValidPixels } from "./valid_pixels.ts";

/** Metres below which the logarithm goes on along its tangent. */
const near = 0.1;

/**
 * The natural logarithm of depth in metres, for losses; 0 in holes. Shapes (batch, height, width, 1). A network in
 * training also predicts 0 and less, where there is no logarithm: below 0.1 m it goes on as its tangent there,
 *
 *     ln 0.1 + (d − 0.1) / 0.1
 *
 * which is smooth, always rises, and pulls predictions up however far below 0 they are (clamped ones would get no
 * gradient at all). Ground truth goes through the same function, so that a right prediction is right at any depth.
 */
export const logDepth = (depth: DepthMaps, mask: ValidMasks): Tensor4D => {
  const valid = onValidPixels(depth, mask, 1);
  const below: Tensor4D = tf.relu(tf.sub(near, valid));
  return tf.sub(tf.log(tf.maximum(valid, near)), tf.div(below, near));
};

/** ln d − ln d* where depth was measured and 0 elsewhere, by {@link logDepth}. Shapes (batch, height, width, 1). */
export const logRatio = (target: DepthMaps, prediction: DepthMaps, mask: ValidMasks): Tensor4D =>
  tf.sub(logDepth(prediction, mask), logDepth(target, mask));
