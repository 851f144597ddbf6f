import { pipe } from "../dependencies/fp.ts";
import type { DepthMaps, Images } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { withInput } from "../nn/combinators.ts";
import { compose, identityLayer, type Layer, then } from "../nn/layer.ts";
import { type Backbone, resNet, resNetChannels, type ResNetDepth } from "./backbone.ts";
import { depthEstimatorWith, type EstimatorParams, type EstimatorStatistics } from "./estimator.ts";
import { cliffFusion, type FusionParams, type FusionStatistics } from "./fusion.ts";
import type { LevelChannels } from "./levels.ts";
import { preprocess, type Preprocessing } from "./preprocessing.ts";
import { featurePyramid, type PyramidParams, type PyramidStatistics, upsampleTo } from "./pyramid.ts";
import type { BottleneckStride } from "./residual_blocks.ts";
import type { Fusion } from "./top_down_fusion.ts";

/** Parameters of CLIFFNet, whose fusion is of CLIFF blocks, or of the same network with another fusion. */
export type CliffNetParams<F extends Branch = FusionParams> = {
  readonly backbone: Branch;
  readonly pyramid: PyramidParams;
  readonly estimator: EstimatorParams<F>;
};

/** Statistics of CLIFFNet's batch norms. */
export type CliffNetStatistics<F extends Branch = FusionStatistics> = {
  readonly backbone: Branch;
  readonly pyramid: PyramidStatistics;
  readonly estimator: EstimatorStatistics<F>;
};

/** A network from pictures (R, G, B, 0…1) to depth maps in metres of the same size. */
export type CliffNet<P extends Branch = FusionParams, S extends Branch = FusionStatistics> = Layer<
  Images,
  DepthMaps,
  CliffNetParams<P>,
  CliffNetStatistics<S>
>;

/** CLIFFNet with a fusion that only its configuration knows. */
export type DepthNetwork = CliffNet<Branch, Branch>;

/** {@link cliffNetOn} with another fusion, such as one of {@link fusionOf}. */
export const depthNetworkOn = <L extends LevelChannels, C extends number, P extends Branch, S extends Branch>(
  backbone: Backbone<L>,
  channels: L,
  fusion: Fusion<C, P, S>,
  features: C,
  initialDepth = 0,
): CliffNet<P, S> => {
  const network = pipe(
    identityLayer<Images>(),
    then("backbone", backbone),
    then("pyramid", featurePyramid(channels, features)),
    then("estimator", depthEstimatorWith(fusion, features, initialDepth)),
  );
  return withInput(network, (images, depth) => upsampleTo(1, depth, images));
};

/**
 * CLIFFNet on any backbone: feature pyramid, level heads, CLIFF fusion, score, bilinear upsampling to the input's size.
 * It takes what the backbone takes; {@link cliffNet} puts the preprocessing of pictures before it.
 */
export const cliffNetOn = <L extends LevelChannels, C extends number>(
  backbone: Backbone<L>,
  channels: L,
  features: C,
  initialDepth = 0,
): CliffNet => depthNetworkOn(backbone, channels, cliffFusion(features), features, initialDepth);

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
