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
export { batchNorm, type BatchNormOptions, type BatchNormParams, type BatchNormStatistics } from "./batch_norm.ts";
export { allSideBySide, collectLayer, collectOutputs, fanOut, residual, sequential, withInput } from "./combinators.ts";
export {
  biasedConv,
  type BiasedConvOptions,
  type BiasedConvParams,
  conv,
  type ConvOptions,
  type ConvParams,
  linear,
  type LinearParams,
} from "./conv.ts";
export {
  type BiasedConvNormParams,
  biasedConvNormRelu,
  convNorm,
  convNormAddRelu,
  convNormLeakyRelu,
  type ConvNormOptions,
  type ConvNormParams,
  convNormRelu,
  type ConvNormStatistics,
} from "./conv_norm.ts";
export {
  compose,
  fromFunction,
  identityLayer,
  inputFeatures,
  joinParts,
  type Layer,
  layer,
  type Learner,
  mapOutput,
  type Mode,
  type Named,
  namedPart,
  type Parametrized,
  sideBySide,
  type TermValues,
  untyped,
  type Variables,
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
export { dropout, gaussianNoise, stochasticDepth } from "./random.ts";
export { resizeBilinear } from "./resize.ts";
export type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from "../tensor/features.ts";
export type { Key } from "../tensor/key.ts";
export type { Branch, Empty, Form, Shape, Tree } from "../tensor/tree.ts";
