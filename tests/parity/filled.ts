/** The published network and generator with filled weights, and their inputs. */
import { resNet, resNetChannels, resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { type CliffNet, cliffNetOn, type CliffNetParams, type CliffNetStatistics } from "../../lib/cliffnet/network.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { type Embedding, frozen } from "../../lib/embedding/embedding.ts";
import { sceneStages } from "../../lib/embedding/scene.ts";
import {
  channelsLast,
  fromTorch,
  type ShapedValues,
  shapeToTorch,
  type TensorShape,
} from "../../lib/formats/torch_layout.ts";
import type { Variables } from "../../lib/nn/layer.ts";
import { asFeatures, type DepthMaps, type Images, type Tensor } from "../../lib/tensor/features.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, mapTree } from "../../lib/tensor/tree.ts";
import { fill, fillDepth, fillInput } from "./fill.ts";
import { nameOf } from "./names.ts";
import type { Size } from "./reference.ts";

const onDevice = ({ shape, values }: ShapedValues): Tensor => tf.tensor(values, [...shape]);

const mapVariables = <P extends Branch, S extends Branch>(
  { params, statistics }: Variables<P, S>,
  change: (tensor: Tensor, path: string) => Tensor,
): Variables<P, S> => ({ params: mapTree(params, change), statistics: mapTree(statistics, change) });

/** By how much each layer of {@link narrowVariables} is narrower than the published one. */
export const narrowness = 16;

/** Variables of the published form, but of a sixteenth of the width: it takes long to draw those of full width. */
export const narrowVariables = (): Variables<CliffNetParams, CliffNetStatistics> => {
  const { backbone, channels } = resNetOfWidth(50, 64 / narrowness);
  return cliffNetOn(backbone, channels, 256 / narrowness).init(keyOf(1));
};

/** The published network without preprocessing: the parity inputs are prepared already. */
export const publishedNetwork = (): CliffNet => cliffNetOn(resNet(50), resNetChannels[50], 256);

const shapeOf = (shapes: ReadonlyMap<string, TensorShape>, name: string): TensorShape => {
  const shape = shapes.get(name);
  if (shape === undefined) throw new Error(`the published network has no "${name}"`);
  return shape;
};

/** The published network's filled variables, given the shape of every published name. */
export const filledVariables = (
  shapes: ReadonlyMap<string, TensorShape>,
): Variables<CliffNetParams, CliffNetStatistics> =>
  scope(() =>
    mapVariables(narrowVariables(), (_, path) => {
      const name = nameOf(path);
      return onDevice(fromTorch(fill(name, shapeOf(shapes, name))));
    })
  );

/** The two stages of HEG-S, filled and frozen. */
export const filledEmbedding = (): Embedding => {
  const stages = sceneStages([16, 32]);
  const fillLeaf = (tensor: Tensor, path: string): Tensor =>
    onDevice(fromTorch(fill(nameOf(`stages/${path}`), shapeToTorch(tensor.shape))));
  return frozen(stages, scope(() => mapVariables(stages.init(keyOf(1)), fillLeaf)));
};

/** Preprocessed pictures, (batch, height, width, 3). */
export const filledInput = ({ batch, height, width }: Size): Images =>
  asFeatures(3, onDevice(channelsLast(fillInput(batch, height, width))));

/** Ground truth, (batch, height, width, 1), with invalid values under 0. */
export const filledDepth = ({ batch, height, width }: Size): DepthMaps =>
  asFeatures(1, onDevice(channelsLast(fillDepth(batch, height, width))));
