import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";
import type { Embedding } from "./embedding.ts";

/** The pair of kernels, (3, 3, 1, 2): horizontal, then vertical differences (PAPER, "Hierarchical embedding loss"). */
const sobelKernels = (): tf.Tensor4D => {
  const horizontal = [[1, 0, -1], [2, 0, -2], [1, 0, -1]];
  const vertical = [[1, 2, 1], [0, 0, 0], [-1, -2, -1]];
  return tf.transpose(tf.tensor4d([[horizontal, vertical]]), [2, 3, 0, 1]);
};

/**
 * The fixed generator of the hand-made gradient loss: one level, (batch, height, width, 2), the Sobel responses along x and
 * y with one pixel of zero padding. `hierarchical(sobel, [0, 1])` is the depth gradient loss.
 */
export const sobel: Embedding = (depth): readonly Features<number>[] => [
  asFeatures<number>(
    2,
    tf.tidy(() => tf.conv2d<tf.Tensor4D>(depth, sobelKernels(), 1, 1)),
  ),
];
