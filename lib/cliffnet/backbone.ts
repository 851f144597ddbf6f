/** The residual blocks of ResNet (He et al., "Deep residual learning for image recognition", CVPR 2016). */
import { pipe } from "../dependencies/fp.ts";
import { collectLayer, collectOutputs, fanOut, sequential } from "../nn/combinators.ts";
import { convNorm, convNormAddRelu, convNormRelu } from "../nn/conv_norm.ts";
import { compose, identityLayer, inputFeatures, type Layer, layer, namedPart, untyped } from "../nn/layer.ts";
import { maxPool } from "../nn/operations.ts";
import type { Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import type { FeatureLevels, LevelChannels } from "./levels.ts";

/** Where a bottleneck that halves the size has its stride: Caffe's variant and the paper's, or torchvision's.
 * @category Network */
export type BottleneckStride = "1x1" | "3x3";

/** A residual block whose exact parts depend on its place.
 * @category Network */
export type ResidualBlock = Layer<
  Features<number>,
  Features<number>,
  Branch,
  Branch
>;

/** The identity where sizes and channels stay the same, else a 1×1 convolution and batch norm. */
const shortcut = (
  inputChannels: number,
  outputChannels: number,
  stride: number,
): ResidualBlock =>
  inputChannels === outputChannels && stride === 1 ? untyped(identityLayer<Features<number>>()) : untyped(
    namedPart("shortcut", convNorm(inputChannels, outputChannels, 1, { stride })),
  );

/** Two 3×3 convolutions and a shortcut, the block of ResNet-18 and 34.
 * @category Network */
export const basicBlock = (
  inputChannels: number,
  outputChannels: number,
  stride: number,
): ResidualBlock => {
  const branch = namedPart("first", convNormRelu(inputChannels, outputChannels, 3, { stride }));
  const both = fanOut(untyped(branch), shortcut(inputChannels, outputChannels, stride));
  return untyped(pipe(both, layer("second", convNormAddRelu<number, number>(outputChannels, outputChannels, 3))));
};

/** 1×1, 3×3 and 1×1 convolutions, the middle ones a quarter as wide, and a shortcut: the block of ResNet-50 and 101.
 * @category Network */
export const bottleneck = (
  inputChannels: number,
  outputChannels: number,
  stride: number,
  strideOn: BottleneckStride,
): ResidualBlock => {
  const middle = outputChannels / 4;
  const branch = pipe(
    inputFeatures<number>(inputChannels),
    layer(
      "reduce",
      convNormRelu(inputChannels, middle, 1, {
        stride: strideOn === "1x1" ? stride : 1,
      }),
    ),
    layer(
      "spatial",
      convNormRelu(middle, middle, 3, {
        stride: strideOn === "3x3" ? stride : 1,
      }),
    ),
  );
  const both = fanOut(untyped(branch), shortcut(inputChannels, outputChannels, stride));
  return untyped(pipe(both, layer("expand", convNormAddRelu<number, number>(middle, outputChannels, 1))));
};

/** How many layers a ResNet has.
 * @category Network */
export type ResNetDepth = 18 | 34 | 50 | 101;

/** The channels of C2…C5 for each depth.
 * @category Network */
export interface ResNetChannels {
  /** ResNet-18: 2, 2, 2 and 2 basic blocks. */
  readonly 18: readonly [64, 128, 256, 512];
  /** ResNet-34: 3, 4, 6 and 3 basic blocks. */
  readonly 34: readonly [64, 128, 256, 512];
  /** ResNet-50: 3, 4, 6 and 3 bottlenecks; the paper's. */
  readonly 50: readonly [256, 512, 1024, 2048];
  /** ResNet-101: 3, 4, 23 and 3 bottlenecks. */
  readonly 101: readonly [256, 512, 1024, 2048];
}

/** The channels of C2…C5 for each depth, as values.
 * @category Network */
export const resNetChannels: ResNetChannels = {
  18: [64, 128, 256, 512],
  34: [64, 128, 256, 512],
  50: [256, 512, 1024, 2048],
  101: [256, 512, 1024, 2048],
};

/** A feature extractor: pictures to the levels C2…C5 at strides 4, 8, 16 and 32.
 * @category Network */
export type Backbone<L extends LevelChannels> = Layer<
  Features<3>,
  FeatureLevels<L>,
  Branch,
  Branch
>;

const blockCounts: Readonly<Record<ResNetDepth, LevelChannels>> = {
  18: [2, 2, 2, 2],
  34: [3, 4, 6, 3],
  50: [3, 4, 6, 3],
  101: [3, 4, 23, 3],
};

const stage = (
  block: (
    inputChannels: number,
    outputChannels: number,
    stride: number,
  ) => ResidualBlock,
  count: number,
  inputChannels: number,
  outputChannels: number,
  stride: number,
): ResidualBlock => {
  const blocks = Array.from({ length: count }, (_, index) =>
    [
      `block${index + 1}`,
      index === 0 ? block(inputChannels, outputChannels, stride) : block(outputChannels, outputChannels, 1),
    ] as const);
  return sequential(blocks);
};

/**
 * A ResNet of any width (PAPER: 7×7/2 convolution, batch norm, ReLU, 3×3/2 maximum, four stages of residual blocks).
 * `width` is the stem's channel count, 64 in the published networks. For widths known to the compiler see {@link resNet}.
 * @category Network
 */
export const resNetOfWidth = (
  depth: ResNetDepth,
  width: number,
  strideOn: BottleneckStride = "1x1",
): {
  readonly channels: LevelChannels;
  readonly backbone: Backbone<LevelChannels>;
} => {
  const [w2, w3, w4, w5] = resNetChannels[depth];
  const channels: LevelChannels = [
    w2 * width / 64,
    w3 * width / 64,
    w4 * width / 64,
    w5 * width / 64,
  ];
  const [n2, n3, n4, n5] = blockCounts[depth];
  const block = depth < 50
    ? basicBlock
    : (from: number, to: number, stride: number): ResidualBlock => bottleneck(from, to, stride, strideOn);
  const stem = pipe(
    inputFeatures(3),
    layer("stem", convNormRelu<3, number>(3, width, 7, { stride: 2 })),
    (first) => compose(first, maxPool(width)),
    (first) => compose(first, namedPart("stage2", stage(block, n2, width, channels[0], 1))),
  );
  const backbone = pipe(
    collectOutputs(stem),
    collectLayer("stage3", stage(block, n3, channels[0], channels[1], 2)),
    collectLayer("stage4", stage(block, n4, channels[1], channels[2], 2)),
    collectLayer("stage5", stage(block, n5, channels[2], channels[3], 2)),
  );
  return { channels, backbone: untyped(backbone) };
};

/**
 * ResNet-18, 34, 50 or 101 without its classifier: (batch, height, width, 3) → C2…C5. ResNet-50 has 23,508,032 parameters.
 *
 * @param strideOn Where bottlenecks have their stride: "1x1" as the paper's (Caffe), "3x3" as torchvision's.
 * @category Network
 */
export const resNet = <D extends ResNetDepth>(
  depth: D,
  strideOn: BottleneckStride = "1x1",
): Backbone<ResNetChannels[D]> => {
  const { backbone } = resNetOfWidth(depth, 64, strideOn);
  return backbone as Backbone<ResNetChannels[D]>;
};
