import type { TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Key } from "../tensor/key.ts";
import type { Sample } from "./sample.ts";

/** What is known of a sample before it is read. */
export interface SampleEntry {
  /** What messages and pictures call the sample, such as the name of its image file. */
  readonly name: string;
  /** The label of its scene, if there is one. */
  readonly scene: string | null;
  /** Where it is listed, for messages: a file, and the line of it if it is a list. */
  readonly where: string;
}

/** Samples that are read when they are asked for. */
export interface Split {
  /** How many samples there are. */
  readonly size: number;
  /** What is known of the sample at an index, 0 … size − 1, without reading it. */
  readonly entry: (index: number) => SampleEntry;
  /** The sample at an index, 0 … size − 1. */
  readonly read: (index: number) => TaskEither<Failure, Sample>;
  /** The order of an epoch that suits where the samples lie, if any order does not: every index once. */
  readonly order?: (key: Key) => Uint32Array;
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

/** One sample of a list: what is known of it, and how it is read. */
export interface SampleSource extends SampleEntry {
  /** Reads the sample. */
  readonly read: TaskEither<Failure, Sample>;
}

const at = (sources: readonly SampleSource[], index: number): SampleSource => {
  const source = sources[index];
  if (source === undefined) throw new Error(`no sample ${index} in a split of ${sources.length}`);
  return source;
};

/** A split of listed samples. @throws Error for an index beyond its end: a bug of the caller. */
export const splitOf = (sources: readonly SampleSource[]): Split => ({
  size: sources.length,
  entry: (index) => at(sources, index),
  read: (index) => at(sources, index).read,
});
