import { pipe } from "../dependencies/fp.ts";
import type { DepthMaps, Images } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { withInput } from "../nn/combinators.ts";
import { compose, identityLayer, type Layer, then } from "../nn/layer.ts";
import { type Backbone, resNet, resNetChannels, type ResNetDepth } from "./backbone.ts";
import { depthEstimator, type EstimatorParams, type EstimatorStatistics } from "./estimator.ts";
import type { LevelChannels } from "./levels.ts";
import { preprocess, type Preprocessing } from "./preprocessing.ts";
import { featurePyramid, type PyramidParams, type PyramidStatistics, upsampleTo } from "./pyramid.ts";
import type { BottleneckStride } from "./residual_blocks.ts";

/** Parameters of CLIFFNet. */
export type CliffNetParams = {
  readonly backbone: Branch;
  readonly pyramid: PyramidParams;
  readonly estimator: EstimatorParams;
};

/** Statistics of CLIFFNet's batch norms. */
export type CliffNetStatistics = {
  readonly backbone: Branch;
  readonly pyramid: PyramidStatistics;
  readonly estimator: EstimatorStatistics;
};

/** A network from pictures (R, G, B, 0…1) to depth maps in metres of the same size. */
export type CliffNet = Layer<
  Images,
  DepthMaps,
  CliffNetParams,
  CliffNetStatistics
>;

/**
 * CLIFFNet on any backbone: feature pyramid, level heads, CLIFF fusion, score, bilinear upsampling to the input's size.
 * It takes what the backbone takes; {@link cliffNet} puts the preprocessing of pictures before it.
 */
export const cliffNetOn = <L extends LevelChannels, C extends number>(
  backbone: Backbone<L>,
  channels: L,
  features: C,
  initialDepth = 0,
): CliffNet => {
  const network = pipe(
    identityLayer<Images>(),
    then("backbone", backbone),
    then("pyramid", featurePyramid(channels, features)),
    then("estimator", depthEstimator(features, initialDepth)),
  );
  return withInput(network, (images, depth) => upsampleTo(1, depth, images));
};

/** Options of {@link cliffNet}; the defaults are the paper's. */
export interface CliffNetOptions {
  /** Layers of the ResNet, 50 by default. */
  readonly depth?: ResNetDepth;
  /** Channels of the pyramid and the estimator, 256 by default. */
  readonly features?: number;
  /** Where bottlenecks have their stride, "1x1" by default. */
  readonly strideOn?: BottleneckStride;
  /** How pictures are prepared, "bgr-caffe" by default. */
  readonly preprocessing?: Preprocessing;
  /** The bias of the last convolution before training, in metres, 0 by default. */
  readonly initialDepth?: number;
}

/**
 * The published network (Wang et al., ECCV 2020): pictures (batch, height, width, 3), R, G, B, 0…1, to depth maps
 * (batch, height, width, 1) in metres. With its defaults it has 36,892,481 parameters.
 */
export const cliffNet = (options: CliffNetOptions = {}): CliffNet => {
  const {
    depth = 50,
    features = 256,
    strideOn = "1x1",
    preprocessing = "bgr-caffe",
    initialDepth = 0,
  } = options;
  const network = cliffNetOn(
    resNet(depth, strideOn),
    resNetChannels[depth],
    features,
    initialDepth,
  );
  return compose(preprocess(preprocessing), network);
};
