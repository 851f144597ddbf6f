/** The tables of docs/operations.md, from the rows of the table and from what no row is about. */
import { tf } from "../../../../lib/dependencies/tensorflow.ts";
import { markdownTable } from "../../../../lib/formats/text_table.ts";
import type { Covered } from "./covered.ts";
import { coreFunctions } from "./table.ts";
import { uncovered } from "./uncovered.ts";

/** The spaces of `tf` that hold operations. */
const spaces = { image: tf.image, linalg: tf.linalg, losses: tf.losses, signal: tf.signal, spectral: tf.spectral };

const others = { fused: tf.fused, sparse: tf.sparse, string: tf.string };

/** The names of all operations of TensorFlow.js, as they are called, without the `tf.` */
export const operationNames = (): readonly string[] => [
  ...Object.entries(tf).flatMap(([name, value]) =>
    typeof value === "function" && value.name.endsWith("__op") ? [name] : []
  ),
  ...Object.entries({ ...spaces, ...others }).flatMap(([space, functions]) =>
    Object.keys(functions).map((name) => `${space}.${name}`)
  ),
];

const rowOf = ({ name, remark, refused }: Covered): readonly string[] => [
  `\`tf.${name}\``,
  "right",
  refused?.webgpu === undefined ? "right" : "right, or refused",
  [remark, refused?.webgpu ?? ""].filter((text) => text !== "").join("; "),
];

/** What trains where. */
export const trainedTable = (): string =>
  markdownTable([["operation", "wasm", "WebGPU", "remark"], ...coreFunctions.map(rowOf)]);

/** What no gradient goes through, by the reason. */
export const untrainedTable = (): string => {
  const reasons = [...new Set(uncovered.values())];
  const named = (reason: string): string =>
    [...uncovered].filter(([, each]) => each === reason).map(([name]) => `\`tf.${name}\``).join(", ");
  return markdownTable([["not trained through", "why"], ...reasons.map((reason) => [named(reason), reason])]);
};
