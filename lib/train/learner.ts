import type { Scalar } from "../tensor/features.ts";
import type { Key } from "../tensor/key.ts";
import type { Branch } from "../tensor/tree.ts";
import type { Mode, Variables } from "../nn/layer.ts";

/** Weighted terms of a loss by name, on the device; two terms of one name are added. */
export type TermValues = Readonly<Record<string, Scalar>>;

/** What can be trained: how its variables begin, and what is minimized on a batch B. */
export interface Learner<B, P extends Branch, S extends Branch> {
  /** The variables before training, drawn from the key; the caller owns them. */
  readonly init: (key: Key) => Variables<P, S>;
  /** The weighted terms, whose sum is minimized, and the statistics after the batch. `step` counts from 0. */
  readonly losses: (
    variables: Variables<P, S>,
    batch: B,
    mode: Mode,
    step: number,
  ) => readonly [TermValues, S];
}
