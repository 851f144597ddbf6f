import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { DepthMaps, Scalar, Tensor1D, Tensor2D } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { compose, identityLayer, type Layer, then, thenLift } from "../nn/layer.ts";
import { linear, type LinearParams } from "../nn/linear.ts";
import { globalAveragePool } from "../nn/pooling.ts";
import { coarsest, type EmbeddingStages, embeddingStages } from "./stages.ts";

/** Parameters of a scene classifier: the embedding's stages and the head. */
export type SceneClassifierParams = {
  readonly stages: Branch;
  readonly head: LinearParams;
};

/** Statistics of a scene classifier's batch norms. */
export type SceneClassifierStatistics = {
  readonly stages: Branch;
  readonly head: Branch;
};

/** Depth maps (batch, height, width, 1), metres, to logits (batch, classes). */
export type SceneClassifier = Layer<
  DepthMaps,
  Tensor2D,
  SceneClassifierParams,
  SceneClassifierStatistics
>;

/** LeakyReLU's slope in HEG-S. */
const slope = 0.01;

/** The stages of HEG-S. The published loss uses two of them, of widths 16 and 32: 16,464 parameters. */
export const sceneStages = (widths: readonly number[]): EmbeddingStages => embeddingStages(widths, slope);

/**
 * HEG-S with its head: scene classification from the depth map alone (PAPER, the table of generators): the stages, global
 * average pooling, a linear layer. Trained with {@link softmaxCrossEntropy}.
 *
 * @throws Error if there are no widths.
 */
export const sceneClassifier = (
  widths: readonly number[],
  classes: number,
): SceneClassifier => {
  const width = widths.at(-1);
  if (width === undefined) throw new Error("a classifier needs at least one stage");
  return pipe(
    identityLayer<DepthMaps>(),
    then("stages", sceneStages(widths)),
    thenLift(coarsest),
    (stages) => compose(stages, globalAveragePool<number>(width)),
    then("head", linear(width, classes)),
  );
};

/** The mean over the batch of −log softmax(logits) at the label. Shapes: logits and one-hot labels (batch, classes). */
export const softmaxCrossEntropy = (
  logits: Tensor2D,
  labels: Tensor2D,
): Scalar => {
  const likelihoods: Tensor1D = tf.sum(
    tf.mul(tf.logSoftmax(logits), labels),
    1,
  );
  return tf.neg(tf.mean<Scalar>(likelihoods));
};
