// A network of one's own for every task: CLIFFNet on a backbone like MobileNetV3 (Howard et al., ICCV 2019), of inverted
// residuals: 1×1 convolution up, depthwise convolution, squeeze and excitation, 1×1 convolution down.
// deno task train --network docs/examples/mobile_net.ts --out runs/mobile
// deno task evaluate --checkpoint runs/mobile/checkpoint.safetensors --network docs/examples/mobile_net.ts
import * as cn from "@cliffnet/cliffnet";
import { batchNorm, depthwiseConv, silu, squeezeAndExcitation } from "@cliffnet/cliffnet/nn";
const { collectLayer, layer, pipe } = cn;

/** The depthwise convolution of a block, with what makes it see the whole picture. */
const spatial = (channels: number, stride: number) =>
  pipe(
    cn.inputFeatures(channels),
    layer("conv", depthwiseConv(channels, 3, { stride })),
    layer("norm", batchNorm(channels)),
    layer("act", silu(channels)),
    layer("gate", squeezeAndExcitation(channels, Math.ceil(channels / 4))),
  );

/** I to O channels through `wide` ones, at the stride of the depthwise convolution. */
const inverted = <I extends number, O extends number>(input: I, wide: number, output: O, stride: number) =>
  pipe(
    cn.inputFeatures(input),
    layer("expand", cn.convNormRelu(input, wide, 1)),
    layer("spatial", spatial(wide, stride)),
    layer("project", cn.convNorm(wide, output, 1)),
  );

/** A level of half the size: a block that halves, then one with a residual connection. */
const level = <I extends number, O extends number>(input: I, output: O) =>
  pipe(
    cn.inputFeatures(input),
    layer("half", inverted(input, 3 * input, output, 2)),
    layer("same", cn.residual(output, inverted(output, 3 * output, output, 1), cn.inputFeatures(output))),
  );

const width = { type: "integer", least: 4, most: 64, default: 8, description: "Channels of the stem." } as const;

export default cn.networkModule({ width }, ({ width }) => {
  const [c1, c2, c3, c4, c5] = [width, 2 * width, 4 * width, 6 * width, 8 * width];
  const stem = pipe(
    cn.inputFeatures(3),
    layer("stem", cn.convNormRelu(3, c1, 3, { stride: 2 })),
    layer("level2", level(c1, c2)),
  );
  const backbone = pipe(
    cn.collectOutputs(stem),
    collectLayer("level3", level(c2, c3)),
    collectLayer("level4", level(c3, c4)),
    collectLayer("level5", level(c4, c5)),
  );
  return cn.compose(cn.preprocess("rgb-centred"), cn.cliffNetOn(backbone, [c2, c3, c4, c5], 16, 2.9));
});
