import type { TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Sample } from "./sample.ts";

/** Samples that are read when they are asked for. */
export interface Split {
  /** How many samples there are. */
  readonly size: number;
  /** The sample at an index, 0 … size − 1. */
  readonly read: (index: number) => TaskEither<Failure, Sample>;
}

/** A data set with its published or declared splits. */
export interface Dataset {
  /** What messages call the data set, such as the path of its list. */
  readonly name: string;
  /** The labels of the scenes, in the order of their class indices; empty if samples have none. */
  readonly scenes: readonly string[];
  /** What is trained on. */
  readonly train: Split;
  /** What is evaluated on, apart from what is trained on. */
  readonly test: Split;
}
