import type { TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Sample } from "./sample.ts";

/** Samples that are read when they are asked for. */
export interface Split {
  readonly size: number;
  /** The sample at an index, 0 … size − 1. */
  readonly read: (index: number) => TaskEither<Failure, Sample>;
}

/** A data set with its published or declared splits. */
export interface Dataset {
  readonly name: string;
  /** The labels of the scenes, in the order of their class indices; empty if samples have none. */
  readonly scenes: readonly string[];
  readonly train: Split;
  readonly test: Split;
}
