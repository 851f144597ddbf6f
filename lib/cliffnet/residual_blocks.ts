/** The residual blocks of ResNet (He et al., "Deep residual learning for image recognition", CVPR 2016). */
import { pipe } from "../dependencies/fp.ts";
import type { Features } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import { fanOut } from "../nn/combinators.ts";
import { convNorm, convNormAddRelu, convNormRelu } from "../nn/conv_norm.ts";
import { identityLayer, input, type Layer, namedPart, opaque, then } from "../nn/layer.ts";

/** Where a bottleneck that halves the size has its stride: Caffe's variant and the paper's, or torchvision's. */
export type BottleneckStride = "1x1" | "3x3";

/** A residual block whose exact parts depend on its place. */
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
  inputChannels === outputChannels && stride === 1 ? opaque(identityLayer<Features<number>>()) : opaque(
    namedPart("shortcut", convNorm(inputChannels, outputChannels, 1, { stride })),
  );

/** Two 3×3 convolutions and a shortcut, the block of ResNet-18 and 34. */
export const basicBlock = (
  inputChannels: number,
  outputChannels: number,
  stride: number,
): ResidualBlock => {
  const branch = namedPart("first", convNormRelu(inputChannels, outputChannels, 3, { stride }));
  const both = fanOut(opaque(branch), shortcut(inputChannels, outputChannels, stride));
  return opaque(pipe(both, then("second", convNormAddRelu<number, number>(outputChannels, outputChannels, 3))));
};

/** 1×1, 3×3 and 1×1 convolutions, the middle ones a quarter as wide, and a shortcut: the block of ResNet-50 and 101. */
export const bottleneck = (
  inputChannels: number,
  outputChannels: number,
  stride: number,
  strideOn: BottleneckStride,
): ResidualBlock => {
  const middle = outputChannels / 4;
  const branch = pipe(
    input<number>(inputChannels),
    then(
      "reduce",
      convNormRelu(inputChannels, middle, 1, {
        stride: strideOn === "1x1" ? stride : 1,
      }),
    ),
    then(
      "spatial",
      convNormRelu(middle, middle, 3, {
        stride: strideOn === "3x3" ? stride : 1,
      }),
    ),
  );
  const both = fanOut(opaque(branch), shortcut(inputChannels, outputChannels, stride));
  return opaque(pipe(both, then("expand", convNormAddRelu<number, number>(middle, outputChannels, 1))));
};
