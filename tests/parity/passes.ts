/** The passes through the filled network whose numbers are compared. */
import { readValues } from "../../lib/backend/device.ts";
import { resNet, resNetChannels } from "../../lib/cliffnet/backbone.ts";
import { depthEstimator } from "../../lib/cliffnet/estimator.ts";
import type { CliffNetParams, CliffNetStatistics } from "../../lib/cliffnet/network.ts";
import { featurePyramid, upsampleTo } from "../../lib/cliffnet/pyramid.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import type { Embedding } from "../../lib/embedding/embedding.ts";
import { hierarchical } from "../../lib/loss/hierarchical.ts";
import { evaluateTerms, named, type Objective, sum, totalOf } from "../../lib/loss/objective.ts";
import { type DepthLoss, lossContext } from "../../lib/loss/loss.ts";
import { l1 } from "../../lib/loss/pixel.ts";
import type { Mode, Variables } from "../../lib/nn/layer.ts";
import { asFeatures, type Tensor, validMask } from "../../lib/tensor/features.ts";
import { valueAndGradient } from "../../lib/tensor/gradient.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { leaves, type Tree } from "../../lib/tensor/tree.ts";
import { filledDepth, filledInput, publishedNetwork } from "./filled.ts";
import { nameOf } from "./names.ts";
import type { Size } from "./reference.ts";

type NetworkVariables = Variables<CliffNetParams, CliffNetStatistics>;

/** The arrays of a forward pass. */
export interface Levels {
  readonly backbone: readonly Float32Array[];
  readonly pyramid: readonly Float32Array[];
  readonly depth: Float32Array;
}

const readAndFree = async (tensor: Tensor): Promise<Float32Array> => {
  const values = await readValues(tensor);
  tensor.dispose();
  return values;
};

/** One part's own variables. */
const part = <N extends keyof CliffNetParams>({ params, statistics }: NetworkVariables, name: N) => ({
  params: params[name],
  statistics: statistics[name],
});

/** C2…C5, P2…P5 and the depth of the filled input, in inference mode. */
export const forwardLevels = async (variables: NetworkVariables, size: Size): Promise<Levels> => {
  const levels = scope(() => {
    const images = filledInput(size);
    const [backbone] = resNet(50).apply(part(variables, "backbone"), images, "inference");
    const [pyramid] = featurePyramid(resNetChannels[50], 256).apply(part(variables, "pyramid"), backbone, "inference");
    const [fine] = depthEstimator(256).apply(part(variables, "estimator"), pyramid, "inference");
    return { backbone: [...backbone], pyramid: [...pyramid], depth: upsampleTo(1, fine, images) };
  });
  return {
    backbone: await Promise.all(levels.backbone.map(readAndFree)),
    pyramid: await Promise.all(levels.pyramid.map(readAndFree)),
    depth: await readAndFree(levels.depth),
  };
};

/** A loss that takes every pixel as measured, as the published embedding loss did. */
const unmasked = (loss: DepthLoss): DepthLoss => (target, prediction) =>
  loss(target, prediction, asFeatures(1, tf.onesLike(target)));

/** The published objective: L1 over valid pixels + 10 · E₁ + 15 · E₂ over all pixels. */
const publishedObjective = (embedding: Embedding): Objective =>
  sum(
    named("l1", l1),
    named("embedding1", unmasked(hierarchical(embedding, [0, 10]))),
    named("embedding2", unmasked(hierarchical(embedding, [0, 0, 15]))),
  );

/** The results of one forward and backward pass; gradients and statistics by published name. */
export interface Pass {
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly depth: Float32Array;
  readonly gradients: ReadonlyMap<string, Float32Array>;
  readonly statistics: ReadonlyMap<string, Float32Array>;
}

const readTree = async (tree: Tree): Promise<ReadonlyMap<string, Float32Array>> =>
  new Map(
    await Promise.all(
      leaves(tree).map(async ({ path, tensor }) => [path, await readAndFree(tensor)] as const),
    ),
  );

const byPublishedName = <T>(byPath: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...byPath].map(([path, value]) => [nameOf(path), value]));

/** Depth, loss, gradients and new statistics of the filled input and ground truth. */
export const forwardAndBackward = async (
  variables: NetworkVariables,
  embedding: Embedding,
  size: Size,
  mode: Mode,
): Promise<Pass> => {
  const { value, auxiliary, gradients } = scope(() => {
    const [images, target] = [filledInput(size), filledDepth(size)];
    return valueAndGradient(variables.params, (params) => {
      const [depth, statistics] = publishedNetwork().apply({ ...variables, params }, images, mode);
      const terms = evaluateTerms(
        publishedObjective(embedding),
        0,
        target,
        depth,
        validMask(target),
        lossContext(images, 0, keyOf(0)),
      );
      return [totalOf(terms), { depth, statistics, terms }];
    });
  });
  const terms = await readTree(auxiliary.terms);
  const [loss = NaN] = await readAndFree(value);
  return {
    loss,
    terms: Object.fromEntries([...terms].map(([name, [term = NaN]]) => [name, term])),
    depth: await readAndFree(auxiliary.depth),
    gradients: byPublishedName(await readTree(gradients)),
    statistics: byPublishedName(await readTree(auxiliary.statistics)),
  };
};
