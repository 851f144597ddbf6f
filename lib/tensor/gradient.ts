/** A function's value and its gradient by a tree of parameters, in little memory. */
import { tf } from "../dependencies/tensorflow.ts";
import type { Scalar, Tensor } from "./features.ts";
import { release, scope } from "./scope.ts";
import { abandonTape, freeWhatIsUsed } from "./tape.ts";
import { type Branch, disposeTree, type Leaf, leaves, mapTree, type Tree, withLeaves } from "./tree.ts";

/** A function's value, what else it computed on the way, and the gradient of the value by every parameter. */
export interface Differentiated<P, A> {
  /** The scalar that was differentiated, on the device; the caller owns it. */
  readonly value: Scalar;
  /** What else was computed, without gradients; the caller owns its tensors. */
  readonly auxiliary: A;
  /** The gradient by every parameter, in the form and the shapes of the parameters; the caller owns its tensors. */
  readonly gradients: P;
}

/** Whether operations are being recorded for a gradient: only inside the function that is differentiated. */
export const isRecording = (): boolean => tf.engine().state.gradientDepth > 0;

/** What `run` gives; if it throws, what no scope frees is disposed: the kept tensors, and the tape if it is its own. */
const orFree = <T>(kept: readonly Tree[], ownsTape: boolean, run: () => T): T => {
  try {
    return run();
  } catch (reason) {
    kept.forEach(disposeTree);
    if (ownsTape) abandonTape();
    throw reason;
  }
};

/** Tensors in the order of some leaves, by the leaves' paths. */
const byPath = (paths: readonly Leaf[], tensors: readonly Tensor[]): ReadonlyMap<string, Tensor> =>
  new Map(paths.map(({ path }, index) => {
    const tensor = tensors[index];
    if (tensor === undefined) throw new Error(`no tensor for "${path}"`);
    return [path, tensor];
  }));

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
    const outermost = !isRecording();
    const auxiliaries: A[] = [];
    const differentiate = tf.valueAndGrads((...tensors: Tensor[]) => {
      const [scalar, auxiliary] = run(withLeaves(params, byPath(paths, tensors)));
      auxiliaries.push(mapTree(auxiliary, (tensor) => tf.keep(tensor.clone())));
      if (outermost) freeWhatIsUsed(tensors);
      return scalar;
    });
    const { value, grads } = orFree(auxiliaries, outermost, () => differentiate(paths.map(({ tensor }) => tensor)));
    const [auxiliary] = auxiliaries;
    if (auxiliary === undefined) throw new Error("the function was not run");
    return {
      value: value.asScalar(),
      auxiliary: mapTree(auxiliary, release),
      gradients: withLeaves(params, byPath(paths, grads)),
    };
  });
