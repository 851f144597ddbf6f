import type { AugmentConfiguration, DataConfiguration } from "../data/fields.ts";
import type { Sample } from "../data/sample.ts";
import type { Either, TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Key } from "../tensor/key.ts";

/** A random change of a sample as a value that can be sent to a worker. */
export interface Change {
  /** Which changes. */
  readonly augment: AugmentConfiguration;
  /** From which they are drawn. */
  readonly key: Key;
}

/** One sample that is wanted, as a value that can be sent to a worker. */
export interface Job {
  /** The split that the sample is in. */
  readonly split: "train" | "test";
  /** Of the sample in its split. */
  readonly index: number;
  /** "original" as the data set has it, or "network" at the size of the network's input. */
  readonly size: "original" | "network";
  /** How the sample is changed at random; null if it is not. */
  readonly change: Change | null;
}

/** Who reads and prepares samples: this thread, or workers. The same jobs give the same samples. */
export interface SampleServer {
  /** Reads and prepares one sample. */
  readonly read: (job: Job) => TaskEither<Failure, Sample>;
  /** Ends the workers, if there are any. What is being read is left undone. */
  readonly close: () => void;
}

/** What a worker is sent: first the data set, then jobs. */
export type Request =
  | { readonly kind: "open"; readonly data: DataConfiguration; readonly memory: number }
  | { readonly kind: "read"; readonly id: number; readonly job: Job };

/** What a worker sends back for each job. */
export interface Answer {
  /** Of the job. */
  readonly id: number;
  /** The sample, or why there is none. */
  readonly result: Either<Failure, Sample>;
}
