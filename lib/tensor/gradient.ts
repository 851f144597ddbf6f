import { tf } from "../dependencies/tensorflow.ts";
import type { Scalar, Tensor } from "./features.ts";
import { scope } from "./scope.ts";
import { type Branch, leaves, mapTree, type Tree, withLeaves } from "./tree.ts";

/** A function's value, what else it computed on the way, and the gradient of the value by every parameter. */
export interface Differentiated<P, A> {
  readonly value: Scalar;
  readonly auxiliary: A;
  readonly gradients: P;
}

/** Moves a tensor that was kept out of the scopes' reach into the current scope. */
const release = (kept: Tensor): Tensor => {
  const owned = kept.clone();
  kept.dispose();
  return owned;
};

/**
 * Computes `run(params)` and its gradient in one forward and one backward pass. `run` gives a scalar and a tree of
 * auxiliary tensors, which carry no gradient (new statistics, the terms of a loss).
 *
 * @throws Error if the scalar does not depend on one of the parameters.
 */
export const valueAndGradient = <P extends Tree, A extends Branch>(
  params: P,
  run: (params: P) => readonly [Scalar, A],
): Differentiated<P, A> =>
  scope(() => {
    const paths = leaves(params);
    const auxiliaries: A[] = [];
    const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) => {
      const byPath = new Map(
        paths.map((
          { path },
          index,
        ) => [path, tensors[index] ?? tf.scalar(NaN)]),
      );
      const [scalar, auxiliary] = run(withLeaves(params, byPath));
      auxiliaries.push(mapTree(auxiliary, (tensor) => tf.keep(tensor.clone())));
      return scalar;
    })(paths.map(({ tensor }) => tensor));
    const [auxiliary] = auxiliaries;
    if (auxiliary === undefined) throw new Error("the function was not run");
    const gradients = new Map(
      paths.map(({ path }, index) => [path, grads[index] ?? tf.scalar(NaN)]),
    );
    return {
      value: value.asScalar(),
      auxiliary: mapTree(auxiliary, release),
      gradients: withLeaves(params, gradients),
    };
  });
