/**
 * Optimizers, composed from transformations of gradients.
 *
 * ```ts
 * import { adam, chain, clipByGlobalNorm } from "@cliffnet/cliffnet/optim";
 * import { stepwise } from "@cliffnet/cliffnet";
 *
 * const optimizer = chain("clipped", [clipByGlobalNorm(1), adam(stepwise(1e-4, [80_000, 120_000], 0.1), 1e-4)]);
 * ```
 *
 * @module
 */
export { adam, type AdamOptions, scaleByAdam } from "./adam.ts";
export {
  addWeightDecay,
  chain,
  clipByGlobalNorm,
  freeze,
  isWeight,
  scaleBySchedule,
  type Schedule,
  type Transformation,
} from "./transformation.ts";
export type { Tensor } from "../tensor/features.ts";
export type { Branch, Form, Shape, Tree } from "../tensor/tree.ts";
