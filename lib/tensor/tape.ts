import { tf } from "../dependencies/tensorflow.ts";
import type { Tensor } from "./features.ts";
import { scope } from "./scope.ts";

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
export const abandonTape = (): void => {
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
export const freeWhatIsUsed = (params: readonly Tensor[]): void => {
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
