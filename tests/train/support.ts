/** A network that trains in milliseconds, and what the tests of training feed it. */
import type { Device } from "../../lib/backend/device.ts";
import { E, pipe, TE } from "../../lib/dependencies/fp.ts";
import type { tf } from "../../lib/dependencies/tensorflow.ts";
import { sobel } from "../../lib/embedding/embedding.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { named, type Objective, scale, sum } from "../../lib/loss/objective.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import { biasedConv, type BiasedConvParams } from "../../lib/nn/conv.ts";
import { type ConvNormParams, convNormRelu, type ConvNormStatistics } from "../../lib/nn/conv_norm.ts";
import { inputFeatures, type Layer, layer, type Learner } from "../../lib/nn/layer.ts";
import { adam } from "../../lib/optim/adam.ts";
import type { Transformation } from "../../lib/optim/transformation.ts";
import { type DepthMaps, type Images, validMask } from "../../lib/tensor/features.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { disposeTree, type Empty, type Tree } from "../../lib/tensor/tree.ts";
import { type DepthBatch, depthLearner } from "../../lib/train/depth_network.ts";
import type { LoopOptions, StepRecord } from "../../lib/train/loop.ts";
import { type TrainState, trainStep } from "../../lib/train/step.ts";
import { noise } from "../backend/support.ts";
import { featuresOf } from "../support.ts";

/** Parameters of {@link tinyNetwork}. */
export type TinyParams = { readonly hidden: ConvNormParams; readonly output: BiasedConvParams };

/** Statistics of {@link tinyNetwork}. */
export type TinyStatistics = { readonly hidden: ConvNormStatistics; readonly output: Empty };

/** Two convolutions from pictures to depth, with a batch norm between them. */
export const tinyNetwork = (width = 4): Layer<Images, DepthMaps, TinyParams, TinyStatistics> =>
  pipe(
    inputFeatures(3),
    layer("hidden", convNormRelu<3, number>(3, width, 3)),
    layer("output", biasedConv<number, 1>(width, 1, 3)),
  );

/** L1 and the gradient loss. */
export const tinyObjective: Objective = sum(
  named("depth", l1),
  pipe(named("slope", hierarchical(sobel, [0, 1])), scale(0.1)),
);

/** {@link tinyNetwork} under an objective. */
export const tinyLearner = (
  objective = tinyObjective,
  width = 4,
): Learner<DepthBatch, TinyParams, TinyStatistics> => depthLearner(tinyNetwork(width), objective);

/** The learning rate of {@link tinyOptimizer}. */
export const learningRate = (): number => 0.03;

/** Adam with decay. */
export const tinyOptimizer: Transformation = adam(learningRate, 1e-4);

/** Two pictures of 6×8 and depths that follow from their red, with holes. */
export const batchOf = (seed: number): DepthBatch =>
  scope(() => {
    const pixels = noise(2 * 6 * 8 * 3, seed + 1).map((value) => (value + 1) / 2);
    const metres = Array.from({ length: 96 }, (_, at) => at % 7 === 3 ? 0 : 1 + 3 * (pixels[3 * at] ?? NaN));
    const depth = featuresOf([2, 6, 8, 1], metres);
    return { images: featuresOf([2, 6, 8, 3], pixels), depth, mask: validMask(depth) };
  });

/** The tensors of a state as one tree. */
export const treeOf = ({ variables, optimizer }: TrainState<TinyParams, TinyStatistics>): Tree => ({
  params: variables.params,
  statistics: variables.statistics,
  optimizer,
});

/** Frees a state. */
export const disposeState = (state: TrainState<TinyParams, TinyStatistics>): void => disposeTree(treeOf(state));

/** Options of a loop of the tiny network, which keeps the records of its steps in `records`. */
export const loopOptions = (
  device: Device,
  steps: number,
  records: StepRecord[] = [],
  objective = tinyObjective,
): LoopOptions<DepthBatch, TinyParams, TinyStatistics> => ({
  device,
  steps,
  batchAt: (step) => TE.fromIO(() => batchOf(step)),
  stepWith: trainStep(tinyLearner(objective), tinyOptimizer),
  onStep: (record) => {
    records.push(record);
    return E.right(undefined);
  },
});

/** A scalar's value. */
export const valueOf = async (scalar: tf.Scalar): Promise<number> => (await scalar.data())[0] ?? NaN;
