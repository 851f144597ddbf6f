/** The whole network: how pictures are prepared, backbone, pyramid and estimator. */
import { pipe } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { withInput } from "../nn/combinators.ts";
import { compose, fromFunction, identityLayer, type Layer, layer, untyped } from "../nn/layer.ts";
import { asFeatures, type DepthMaps, type Images } from "../tensor/features.ts";
import type { Branch, Empty } from "../tensor/tree.ts";
import { type BottleneckStride, resNet, resNetChannels, type ResNetDepth } from "./backbone.ts";
import { cliffFusion, type FusionParams, type FusionStatistics } from "./cliff.ts";
import { depthEstimatorWith, type EstimatorParams, type EstimatorStatistics } from "./estimator.ts";
import type { FeatureLevels, Fusion, LevelChannels } from "./levels.ts";
import { featurePyramid, type PyramidParams, type PyramidStatistics, upsampleTo } from "./pyramid.ts";

/**
 * How pictures are prepared for the backbone: "bgr-caffe" is B, G, R in 0…255 minus (102.9801, 115.9465, 122.7717), not
 * scaled, as the paper's; "rgb-imagenet" is R, G, B in 0…1 minus ImageNet's mean, divided by its deviation, as torchvision's;
 * "rgb-unit" is R, G, B in 0…1 and "rgb-centred" in −1…1, for backbones that are trained from the start or so elsewhere.
 * @category Network
 */
export type Preprocessing = "bgr-caffe" | "rgb-imagenet" | "rgb-unit" | "rgb-centred";

/** Exchanges R and B and scales by 255: a product with a 3×3 matrix, as reversing a dimension is slow on wasm. */
const bgr255 = (images: Images): tf.Tensor4D => {
  const exchange = tf.tensor2d([[0, 0, 255], [0, 255, 0], [255, 0, 0]]);
  return tf.reshape(tf.matMul(tf.reshape(images, [-1, 3]), exchange), images.shape);
};

const caffe = (images: Images): Images =>
  asFeatures(3, tf.sub(bgr255(images), tf.tensor1d([102.9801, 115.9465, 122.7717])));

const imageNet = (images: Images): Images =>
  asFeatures(
    3,
    tf.div(
      tf.sub(images, tf.tensor1d([0.485, 0.456, 0.406])),
      tf.tensor1d([0.229, 0.224, 0.225]),
    ),
  );

const unit = (images: Images): Images => images;

const centred = (images: Images): Images => asFeatures(3, tf.sub(tf.mul(images, 2), 1));

const functions: Readonly<Record<Preprocessing, (images: Images) => Images>> = {
  "bgr-caffe": caffe,
  "rgb-imagenet": imageNet,
  "rgb-unit": unit,
  "rgb-centred": centred,
};

/** Pictures (R, G, B, 0…1) to what the backbone takes.
 * @category Network */
export const preprocess = (kind: Preprocessing): Layer<Images, Images, Empty, Empty> => fromFunction(functions[kind]);

/** Parameters of CLIFFNet, whose fusion is of CLIFF blocks, or of the same network with another fusion.
 * @category Network */
export type CliffNetParams<F extends Branch = FusionParams> = {
  readonly backbone: Branch;
  readonly pyramid: PyramidParams;
  readonly estimator: EstimatorParams<F>;
};

/** Statistics of CLIFFNet's batch norms.
 * @category Network */
export type CliffNetStatistics<F extends Branch = FusionStatistics> = {
  readonly backbone: Branch;
  readonly pyramid: PyramidStatistics;
  readonly estimator: EstimatorStatistics<F>;
};

/** A network from pictures (R, G, B, 0…1) to depth maps in metres of the same size.
 * @category Network */
export type CliffNet<P extends Branch = FusionParams, S extends Branch = FusionStatistics> = Layer<
  Images,
  DepthMaps,
  CliffNetParams<P>,
  CliffNetStatistics<S>
>;

/** Any network from pictures (R, G, B, 0…1) to depth maps in metres of the same size: what only its configuration knows.
 * @category Network */
export type DepthNetwork = Layer<Images, DepthMaps, Branch, Branch>;

/** {@link cliffNetOn} with another fusion, such as one of {@link fusionOf}.
 * @category Network */
export const depthNetworkOn = <
  const L extends LevelChannels,
  C extends number,
  P extends Branch,
  S extends Branch,
  Q extends Branch,
  T extends Branch,
>(
  backbone: Layer<Images, FeatureLevels<NoInfer<L>>, Q, T>,
  channels: L,
  fusion: Fusion<C, P, S>,
  features: C,
  initialDepth = 0,
): CliffNet<P, S> => {
  const network = pipe(
    identityLayer<Images>(),
    layer("backbone", untyped(backbone)),
    layer("pyramid", featurePyramid(channels, features)),
    layer("estimator", depthEstimatorWith(fusion, features, initialDepth)),
  );
  return withInput(network, (images, depth) => upsampleTo(1, depth, images));
};

/**
 * CLIFFNet on any backbone: feature pyramid, level heads, CLIFF fusion, score, bilinear upsampling to the input's size.
 * It takes what the backbone takes; {@link cliffNet} puts the preprocessing of pictures before it.
 * @category Network
 */
export const cliffNetOn = <const L extends LevelChannels, C extends number, P extends Branch, S extends Branch>(
  backbone: Layer<Images, FeatureLevels<NoInfer<L>>, P, S>,
  channels: L,
  features: C,
  initialDepth = 0,
): CliffNet => depthNetworkOn(backbone, channels, cliffFusion(features), features, initialDepth);

/** Options of {@link cliffNet}; the defaults are the paper's.
 * @category Network */
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
 * @category Network
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
