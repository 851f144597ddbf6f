import type { Scalar } from "../tensor/features.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Mode, Parametrized, Variables } from "../nn/layer.ts";

/** Weighted terms of a loss by name, on the device; two terms of one name are added. */
export type TermValues = Readonly<Record<string, Scalar>>;

/** What can be trained: of which form its variables are, how they begin, and what is minimized on a batch B. */
export interface Learner<B, P extends Branch, S extends Branch> extends Parametrized<P, S> {
  /** The weighted terms, whose sum is minimized, and the statistics after the batch. `step` counts from 0. */
  readonly losses: (
    variables: Variables<P, S>,
    batch: B,
    mode: Mode,
    step: number,
  ) => readonly [TermValues, S];
}
