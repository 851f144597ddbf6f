import { E } from "../dependencies/fp.ts";
import { generatorNamed } from "../embedding/generators.ts";
import { byteCount, elementCount } from "../formats/stored_tensor.ts";
import type { PlainValue, TensorFile } from "../formats/tensor_file.ts";
import { aligned } from "../formats/text_table.ts";
import { checkpointIn } from "../train/checkpoint.ts";
import type { WeightsKind } from "../weights/recognize.ts";

const titleOf = (kind: WeightsKind): string =>
  kind === "depth" ? "a depth network" : kind === "backbone" ? "a ResNet" : generatorNamed(kind).title;

/** A name on one line, whatever is in it. */
const shown = (name: string): string => /^[\x20-\x7e]*$/.test(name) ? name : JSON.stringify(name);

const short = (text: string): string => text.length <= 60 ? text : `${text.slice(0, 57)}...`;

const textOf = ({ value }: PlainValue): string =>
  short(typeof value === "string" ? JSON.stringify(value) : String(value));

/** By whose names the tensors go, if that is known. */
const namesIn = (file: TensorFile): string => {
  const checkpoint = checkpointIn(file);
  if (E.isLeft(checkpoint)) return "";
  const { kind, weights: { title, prefix } } = checkpoint.right;
  return `; ${title} names of ${titleOf(kind)}${prefix === "" ? "" : ` under "${prefix}"`}`;
};

/** What a file holds: a line for each tensor with its shape and type, one for each other value, and their sums. */
export const listing = (file: TensorFile): string => {
  const { entries, values, metadata, format } = file;
  const numbers = entries.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  const megabytes = entries.reduce((sum, entry) => sum + byteCount(entry), 0) / 1e6;
  const others = [
    ...values.map((value) => [shown(value.name), textOf(value)]),
    ...Object.entries(metadata).map(([name, text]) => [`__metadata__ ${shown(name)}`, short(JSON.stringify(text))]),
  ];
  return [
    ...aligned(entries.map(({ name, shape, dtype }) => [shown(name), `[${shape.join(", ")}]`, dtype])),
    ...aligned(others),
    `${entries.length} tensors, ${numbers.toLocaleString("en")} numbers, ${megabytes.toFixed(1)} MB; ${format}${
      namesIn(file)
    }`,
  ].join("\n");
};
