import type { Failure } from "../errors.ts";
import type { TaskEither } from "../dependencies/fp.ts";
import type { StoredTensor, TensorEntry } from "./stored_tensor.ts";

/** The formats of files with tensors. */
export type TensorFileFormat = "safetensors" | "PyTorch (zip)" | "PyTorch (before 1.6)";

/** What a file holds beside its tensors: a number, text or the like with its name. */
export interface PlainValue {
  /** The keys and indices on the way to it, joined by dots. */
  readonly name: string;
  /** The value itself. */
  readonly value: string | number | bigint | boolean | null;
}

/** A file with tensors whose names, types and shapes were read, but no values yet. */
export interface TensorFile {
  /** The file that it was read from, for messages. */
  readonly path: string;
  /** How it is written. */
  readonly format: TensorFileFormat;
  /** Texts that a safetensors file holds under `__metadata__`; empty for other formats. */
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * The tensors, in the file's order. Those in nested dictionaries and lists of a PyTorch file have the keys and indices
   * on the way to them joined by dots, such as `state_dict.module.conv1.weight`.
   */
  readonly entries: readonly TensorEntry[];
  /** What a PyTorch file holds beside tensors, in its order and named likewise; empty for safetensors. */
  readonly values: readonly PlainValue[];
  /**
   * A tensor's values, read from the file now. Left with kind `format`, `missing` or `file`.
   * @throws Error for an unknown name.
   */
  readonly read: (name: string) => TaskEither<Failure, StoredTensor>;
}
