/** Which of TensorFlow.js's functions the rows of the table are about. */
import type { Operation } from "../operation.ts";

/** A function of `tf`, the rows that test it on every backend, and what its user should know. */
export interface Covered {
  /** As it is called, without the `tf.` */
  readonly name: string;
  readonly rows: readonly Operation[];
  readonly remark: string;
  /** On which backend the gradient of a row is refused, and what its message says to use. */
  readonly refused?: { readonly webgpu: string; readonly row: string };
}

/** A function with its rows. */
export const covered = (
  name: string,
  rows: readonly Operation[],
  remark = "",
  refused?: Covered["refused"],
): Covered => ({
  name,
  ...(refused === undefined ? {} : { refused }),
  rows: rows.map((row) => ({ ...row, name: row.name.startsWith("tf.") ? row.name : `tf.${name} of ${row.name}` })),
  remark,
});
