/** A function's value and its gradient by a tree of parameters, in little memory. */
import { tf } from "../dependencies/tensorflow.ts";
import type { Scalar, Tensor } from "./features.ts";
import { release, scope } from "./scope.ts";
import { type Branch, disposeTree, type Leaf, leaves, mapTree, type Tree, withLeaves } from "./tree.ts";

/** A function's value, what else it computed on the way, and the gradient of the value by every parameter.
 * @category Tensors */
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
 * @category Tensors
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

/** What TensorFlow.js recorded of the operations that are differentiated, in their order. */
type Tape = ReturnType<typeof tf.engine>["state"]["activeTape"];

/** The ids of the tensors that depend on a parameter, the parameters themselves among them. */
const dependents = (tape: Tape, params: readonly Tensor[]): ReadonlySet<number> => {
  const ids = new Set(params.map(({ id }) => id));
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some(({ id }) => ids.has(id))) outputs.forEach(({ id }) => ids.add(id));
  }
  return ids;
};

/** Where a result does not reach the value, TensorFlow.js has null for its gradient, though its types do not say so. */
const free = (tensors: readonly (Tensor | null)[] = []): void => tensors.forEach((tensor) => tensor?.dispose());

/** Frees what was saved for a backward pass that will not be, as something was thrown: TensorFlow.js would keep it. */
const abandonTape = (): void => {
  // Null after a backward pass, though its type does not say so.
  const tape: Tape | null = tf.engine().state.activeTape;
  tape?.forEach(({ saved }) => free(saved));
};

/**
 * Makes the backward pass over the tape that is being recorded free what it has used: TensorFlow.js keeps all that was saved
 * for it, and the gradient by every intermediate result, until it ends, about twice the activations. Call it where the function that is
 * differentiated ends, and only if its tape is not differentiated again: not inside another gradient.
 *
 * Gradients are cloned, which copies no data, as one may be the very tensor that it was computed from.
 */
const freeWhatIsUsed = (params: readonly Tensor[]): void => {
  const tape = tf.engine().state.activeTape;
  const needed = dependents(tape, params);
  const reached = new Set<number>();
  let added: Tensor[] = [];
  for (const node of tape) {
    const { gradient, inputs, outputs, saved } = node;
    if (!outputs.some(({ id }) => needed.has(id))) free(saved);
    if (gradient === undefined) continue;
    node.gradient = (dys) => {
      free(added);
      const wanted = Object.entries(inputs).filter(([, { id }]) => needed.has(id));
      const gradients = scope(() => {
        const of = gradient(dys);
        return wanted.flatMap(([name, { id }]) => {
          const computed = of[name];
          return computed === undefined ? [] : [{ name, id, tensor: computed().clone() }];
        });
      });
      free(saved);
      free(dys);
      // TensorFlow.js adds all but the first gradient by a tensor to what it has, and then needs them no longer.
      added = gradients.filter(({ id }) => reached.has(id) || !reached.add(id)).map(({ tensor }) => tensor);
      return Object.fromEntries(gradients.map(({ name, tensor }) => [name, () => tensor]));
    };
  }
};
