import { E, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Layer, Variables } from "../nn/layer.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import type { Tensor } from "../tensor/features.ts";

/**
 * The same parameters with the statistics of batch norm that training for some steps would have tracked, had it changed no
 * parameter: a network of random weights whose activations are scaled as a trained one's. After 50 steps 0.5 % of the first
 * statistics are left.
 *
 * It takes the variables over, and frees each input; if an input cannot be had, its failure is returned and all is freed.
 */
export const trackStatistics = <I extends Tensor, O, P extends Branch, S extends Branch>(
  layer: Layer<I, O, P, S>,
  { params, statistics: first }: Variables<P, S>,
  steps: number,
  inputAt: (step: number) => TaskEither<Failure, I>,
): TaskEither<Failure, Variables<P, S>> =>
async () => {
  let statistics = first;
  for (let step = 0; step < steps; step++) {
    const input = await inputAt(step)();
    if (E.isLeft(input)) {
      [params, statistics].forEach(disposeTree);
      return input;
    }
    const next = scope(() => layer.apply({ params, statistics }, input.right, "training")[1]);
    [statistics, { input: input.right }].forEach(disposeTree);
    statistics = next;
  }
  return E.right({ params, statistics });
};
