import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { allSideBySide } from "../nn/combinators.ts";
import { convNormLeakyRelu } from "../nn/conv_norm.ts";
import { inputFeatures, joinParts, type Layer, layer, namedPart, untyped, type Variables } from "../nn/layer.ts";
import { asFeatures, type DepthMaps, type Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";

/**
 * An embedding generator G: a depth map (batch, height, width, 1), in metres and without holes, to feature maps G₁…G_K,
 * finer to coarser (PAPER, "Hierarchical embedding loss"). Any such function makes a loss.
 * @category Generators
 */
export type Embedding = (depth: DepthMaps) => readonly Features<number>[];

/** The layer with frozen variables, batch norm in inference mode: gradients flow through it, but not into it.
 * @category Generators */
export const frozen = <S extends Branch, P extends Branch>(
  layer: Layer<DepthMaps, readonly Features<number>[], P, S>,
  variables: Variables<P, S>,
): Embedding =>
(depth) => layer.apply(variables, depth, "inference")[0];

/** The first `count` feature maps of a generator, for use in `pipe`.
 * @category Generators */
export const firstLevels = (count: number): (embedding: Embedding) => Embedding => (embedding) => (depth) =>
  embedding(depth).slice(0, count);

/** Stages of an embedding generator: a depth map to the output of every stage, finer to coarser.
 * @category Generators */
export type EmbeddingStages = Layer<
  DepthMaps,
  readonly Features<number>[],
  Branch,
  Branch
>;

type Stage = Layer<Features<number>, Features<number>, Branch, Branch>;

const stage = (
  inputChannels: number,
  width: number,
  stride: number,
  slope: number,
): Stage =>
  untyped(pipe(
    inputFeatures<number>(inputChannels),
    layer(
      "first",
      convNormLeakyRelu<number, number>(inputChannels, width, 3, slope, {
        stride,
      }),
    ),
    layer("second", convNormLeakyRelu<number, number>(width, width, 3, slope)),
  ));

/**
 * Stages of two 3×3 convolutions (no bias) + batch norm + LeakyReLU; all but the first halve the size (PAPER, the table of
 * generators). With widths 16 and 32 they hold 16,464 parameters.
 *
 * @param widths Channels of each stage.
 * @param slope LeakyReLU's slope: 0.01 for HEG-S, 0.2 for HEG-R.
 * @category Generators
 */
export const embeddingStages = (
  widths: readonly number[],
  slope: number,
): EmbeddingStages => {
  const stages: readonly Stage[] = widths.map((width, index) =>
    untyped(
      namedPart(
        `stage${index + 1}`,
        stage(widths[index - 1] ?? 1, width, index === 0 ? 1 : 2, slope),
      ),
    )
  );
  return {
    ...allSideBySide(stages),
    apply: (variables, depth, mode, key) => {
      const outputs: Features<number>[] = [];
      let statistics: Branch = {};
      for (const part of stages) {
        const [output, tracked] = part.apply(variables, outputs.at(-1) ?? depth, mode, key);
        outputs.push(output);
        statistics = joinParts(statistics, tracked);
      }
      return [outputs, statistics];
    },
  };
};

/** The last of an embedding's feature maps. @throws Error if there is none: a bug of the caller.
 * @category Generators */
export const coarsest = (
  levels: readonly Features<number>[],
): Features<number> => {
  const last = levels.at(-1);
  if (last === undefined) {
    throw new Error("an embedding needs at least one stage");
  }
  return last;
};

/** The pair of kernels, (3, 3, 1, 2): horizontal, then vertical differences (PAPER, "Hierarchical embedding loss"). */
const sobelKernels = (): tf.Tensor4D => {
  const horizontal = [[1, 0, -1], [2, 0, -2], [1, 0, -1]];
  const vertical = [[1, 2, 1], [0, 0, 0], [-1, -2, -1]];
  return tf.transpose(tf.tensor4d([[horizontal, vertical]]), [2, 3, 0, 1]);
};

/**
 * The fixed generator of the hand-made gradient loss: one level, (batch, height, width, 2), the Sobel responses along x and
 * y with one pixel of zero padding. `hierarchical(sobel, [0, 1])` is the depth gradient loss.
 * @category Generators
 */
export const sobel: Embedding = (depth): readonly Features<number>[] => [
  asFeatures<number>(
    2,
    tf.tidy(() => tf.conv2d<tf.Tensor4D>(depth, sobelKernels(), 1, 1)),
  ),
];

/** Means of 2×2 pixels; a last row or column of odd sizes is left out. As a convolution, whose gradient is exact. */
const halved = (depth: DepthMaps): DepthMaps =>
  asFeatures(1, tf.tidy(() => tf.conv2d<tf.Tensor4D>(depth, tf.fill([2, 2, 1, 1], 0.25), 2, "valid")));

/** The depth map and its halves of halves, `count` in all. */
const halvings = (depth: DepthMaps, count: number): readonly DepthMaps[] =>
  count <= 1 ? [depth] : [depth, ...halvings(halved(depth), count - 1)];

/**
 * The fixed generator of the multi-scale gradient loss: level k, counted from 0, has the Sobel responses along x and y
 * of the depth map averaged over 2^k × 2^k pixels, (batch, ⌊height / 2^k⌋, ⌊width / 2^k⌋, 2), in metres.
 * `hierarchical(multiScaleSobel(4), [0, 1, 1, 1, 1])` is a loss; `multiScaleSobel(1)` is {@link sobel}.
 *
 * @param count How many levels, at least 1; depth maps need at least 2^(count − 1) rows and columns.
 * @category Generators
 */
export const multiScaleSobel = (count: number): Embedding => (depth) => halvings(depth, count).flatMap(sobel);
