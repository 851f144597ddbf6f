/**
 * Layers and the combinators that compose them, each as plain as its formula; channel counts are types.
 *
 * ```ts
 * import { conv, batchNorm, fromFunction, inputFeatures, layer, relu } from "@cliffnet/cliffnet/nn";
 * import { compose, keyOf, openDevice, orThrow, pipe } from "@cliffnet/cliffnet";
 *
 * orThrow(await openDevice("wasm")());
 * const block = pipe(
 *   inputFeatures(3),
 *   layer("conv", conv(3, 8, 3)),
 *   layer("norm", batchNorm(8)),
 *   (chain) => compose(chain, relu(8)),
 * );
 * const { params } = block.init(keyOf(0)); // params.conv.kernel, params.norm.gamma, …
 * ```
 *
 * @module
 */
export { batchNorm } from "./batch_norm.ts";
export { allSideBySide, collectLayer, collectOutputs, fanOut, residual, sequential, withInput } from "./combinators.ts";
export { biasedConv, conv, linear } from "./conv.ts";
export { biasedConvNormRelu, convNorm, convNormAddRelu, convNormLeakyRelu, convNormRelu } from "./conv_norm.ts";
export {
  compose,
  fromFunction,
  identityLayer,
  inputFeatures,
  joinParts,
  layer,
  mapOutput,
  namedPart,
  sideBySide,
  untyped,
} from "./layer.ts";
export {
  absolute,
  asConstant,
  globalAveragePool,
  leakyRelu,
  maskedMean,
  maxPool,
  relu,
  squareRoot,
  stopGradient,
  sumOfValues,
} from "./operations.ts";
export { resizeBilinear } from "./resize.ts";
