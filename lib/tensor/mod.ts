/**
 * Tensors whose types know their channel count, trees of them, gradients, scopes, and random keys.
 *
 * ```ts
 * import { asFeatures, foldIn, keyOf, normals, scope, tf, valueAndGradient } from "@cliffnet/cliffnet/tensor";
 * import { openDevice, orThrow } from "@cliffnet/cliffnet";
 *
 * orThrow(await openDevice("wasm")());
 * const noise = normals(foldIn(keyOf(0), "noise"), 6); // the same numbers on every backend
 * const maps = asFeatures(1, tf.tensor4d(noise, [1, 2, 3, 1]));
 * const { gradients } = scope(() =>
 *   valueAndGradient({ maps }, ({ maps }) => [tf.sum<tf.Scalar>(tf.square(maps)), {}])
 * ); // 2 · maps
 * ```
 *
 * @module
 */
/**
 * TensorFlow.js, whose own documentation tells what is in it: the one that this library computes with. A program that loaded
 * another would have tensors that this one does not know.
 *
 * @internal
 */
export * as tf from "../dependencies/tensorflow_exports.ts";
export {
  asFeatures,
  type channels,
  type DepthMaps,
  type Features,
  type HasChannels,
  type Images,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  validMask,
  type ValidMasks,
} from "./features.ts";
export { type Differentiated, valueAndGradient } from "./gradient.ts";
export { foldIn, type Key, keyOf, normals, permutation, uniforms } from "./key.ts";
export { scope } from "./scope.ts";
export {
  type Branch,
  countParameters,
  disposeTree,
  type Empty,
  type Form,
  type Leaf,
  leaves,
  mapTree,
  type Shape,
  type Tree,
  withLeaves,
  zipTree,
} from "./tree.ts";
