// A network of one's own for every task: CLIFFNet on a backbone like MobileNetV3 (Howard et al., ICCV 2019).
// deno task train --network docs/examples/mobile_net.ts --out runs/mobile
import * as cn from "@cliffnet/cliffnet";
import { batchNorm, depthwiseConv, silu, squeezeAndExcitation } from "@cliffnet/cliffnet/nn";
const { collectLayer, layer, pipe } = cn;

/** An inverted residual: 1×1 convolution up, depthwise convolution, squeeze and excitation, 1×1 convolution down. */
const inverted = <I extends number, O extends number>(input: I, output: O, stride: number) => {
  const wide: number = 3 * input;
  return pipe(
    cn.inputFeatures(input),
    layer("expand", cn.convNormRelu(input, wide, 1)),
    layer("depthwise", depthwiseConv(wide, 3, { stride })),
    layer("norm", batchNorm(wide)),
    layer("activation", silu(wide)),
    layer("gate", squeezeAndExcitation(wide, Math.ceil(wide / 4))),
    layer("project", cn.convNorm(wide, output, 1)),
  );
};

/** A level of half the size: a block that halves, then one with a residual connection. */
const level = <I extends number, O extends number>(input: I, output: O) =>
  pipe(
    cn.inputFeatures(input),
    layer("half", inverted(input, output, 2)),
    layer("same", cn.residual(output, inverted(output, output, 1), cn.inputFeatures(output))),
  );

const width = { type: "integer", least: 4, most: 64, default: 8, description: "Channels of the stem." } as const;

export default cn.networkModule({ width }, ({ width }) => {
  const [c1, c2, c3, c4, c5] = [width, 2 * width, 4 * width, 6 * width, 8 * width];
  const stem = pipe(cn.inputFeatures(3), layer("stem", cn.convNormRelu(3, c1, 3, { stride: 2 })));
  const second = pipe(stem, layer("level2", level(c1, c2)));
  const third = pipe(cn.collectOutputs(second), collectLayer("level3", level(c2, c3)));
  const backbone = pipe(third, collectLayer("level4", level(c3, c4)), collectLayer("level5", level(c4, c5)));
  return cn.compose(cn.preprocess("rgb-centred"), cn.cliffNetOn(backbone, [c2, c3, c4, c5], 16, 2.9));
});
