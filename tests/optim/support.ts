/** What the tests of optimizers share: the wasm backend, and trees of tensors as plain numbers by path. */
import { openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import type { Transformation } from "../../lib/optim/transformation.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, leaves, mapTree, zipTree } from "../../lib/tensor/tree.ts";
import { assert } from "../std.ts";

/** Makes wasm the backend of all tests of the file. */
export const openWasm = async (): Promise<void> => {
  orThrow(await openDevice("wasm")());
};

/**
 * A test on wasm, which has a kernel for Adam, and on TensorFlow.js's plain cpu backend, where Adam is composed of other
 * operations as it is on WebGPU.
 */
export const testOnBoth = (name: string, run: () => void): void => {
  for (const backend of ["wasm", "cpu"]) {
    Deno.test(`${name} (${backend})`, async () => {
      assert(await tf.setBackend(backend));
      run();
    });
  }
};

/** The values of a tree's leaves by their paths. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** A tree of a convolution, its batch norm and a linear layer, filled with these numbers in turn; the caller owns it. */
export const treeOf = (numberAt: (index: number) => number): Branch => {
  let index = 0;
  const tensor = (...shape: number[]): tf.Tensor => {
    const size = shape.reduce((product, side) => product * side, 1);
    return tf.tensor(Array.from({ length: size }, () => numberAt(index++)), shape);
  };
  return {
    conv: { kernel: tensor(2, 1, 1, 2), bias: tensor(2) },
    norm: { gamma: tensor(2), beta: tensor(2) },
    head: { weight: tensor(2, 2), bias: tensor(2) },
  };
};

/** The numbers of a tree. */
export const numbersOf = (tree: Branch): Numbers =>
  Object.fromEntries(leaves(tree).map(({ path, tensor }) => [path, Array.from(tensor.dataSync())]));

/** Trains from parameters with the given gradients, and gives the parameters after each step. */
export const trained = (
  transformation: Transformation,
  initial: Branch,
  gradients: readonly Branch[],
): readonly Numbers[] =>
  scope(() => {
    let params = mapTree(initial, (tensor) => tensor.clone());
    let state = transformation.init(params);
    return gradients.map((gradient, step) => {
      const [updates, next] = transformation.update(gradient, state, params, step);
      state = next;
      params = zipTree(params, updates, (parameter, update) => tf.add(parameter, update));
      return numbersOf(params);
    });
  });

/** The updates of a transformation's first step. */
export const firstUpdates = (transformation: Transformation, params: Branch, gradients: Branch): Numbers =>
  scope(() => numbersOf(transformation.update(gradients, transformation.init(params), params, 0)[0]));
