import { E, pipe, TE } from "../dependencies/fp.ts";
import { bytesOfFloat32 } from "../formats/bytes.ts";
import type { LazyTensor } from "../formats/safetensors.ts";
import { float32Values, type TensorEntry, type TensorFile } from "../formats/tensor_file.ts";
import { fromTorch, type ShapedValues, shapeFromTorch, shapeToTorch, toTorch } from "../formats/torch_layout.ts";
import { publishedName } from "./recognize.ts";
import type { NamedWeights } from "./restore.ts";

/** What a new file will hold of an old one, and what not.
 * @category Weights */
export interface Conversion {
  /** The tensors of the new file; their values are read from the old one when they are written. */
  readonly tensors: readonly LazyTensor[];
  /** Names in the old file of what the new one will not have. */
  readonly leftOut: readonly string[];
}

/** How the layout of a tensor is changed: its shape alone, and its values. */
interface Layout {
  readonly shape: (shape: readonly number[]) => readonly number[];
  readonly values: (array: ShapedValues) => ShapedValues;
}

const ownToTorch: Layout = { shape: shapeToTorch, values: toTorch };
const torchToOwn: Layout = { shape: shapeFromTorch, values: fromTorch };

/** A tensor as F32 of another layout. */
const relaid = (file: TensorFile, name: string, { name: source, shape }: TensorEntry, layout: Layout): LazyTensor => ({
  entry: { name, dtype: "F32", shape: layout.shape(shape) },
  bytes: pipe(
    file.read(source),
    TE.map((stored) => bytesOfFloat32(layout.values({ shape, values: float32Values(stored) }).values)),
  ),
});

/** A tensor as it is, with another name. */
const renamed = (file: TensorFile, name: string, entry: TensorEntry): LazyTensor => ({
  entry: { ...entry, name },
  bytes: pipe(file.read(entry.name), TE.map(({ bytes }) => bytes)),
});

/** PyTorch counts the batches that each batch norm has seen. */
const batchCounter = (name: string, step: number): LazyTensor => ({
  entry: { name, dtype: "I64", shape: [] },
  bytes: () => Promise.resolve(E.right(new Uint8Array(BigInt64Array.of(BigInt(step)).buffer))),
});

const pathsOf = ({ names, file }: NamedWeights): readonly (readonly [path: string, entry: TensorEntry])[] => {
  const entries = new Map(file.entries.map((entry) => [entry.name, entry]));
  return [...names].flatMap(([path, name]) => {
    const entry = entries.get(name);
    return entry === undefined ? [] : [[path, entry] as const];
  });
};

/** The published name of what has an own path with its root, or undefined if it has none. */
const nameOf = (path: string): string | undefined => {
  const [, below] = /^(?:params|statistics)\/(.*)$/.exec(path) ?? [];
  return below === undefined ? undefined : publishedName(below);
};

/**
 * The weights under published names in PyTorch's layout, with batch norm's counters at `step`. What has no published name,
 * such as the optimizer's state or a generator's head, is left out.
 * @category Weights
 */
export const toPublished = (weights: NamedWeights, step: number): Conversion => {
  const { title, file } = weights;
  const named = pathsOf(weights).map(([path, entry]) => [nameOf(path), entry] as const);
  const tensors = named.flatMap(([name, entry]): readonly LazyTensor[] => {
    if (name === undefined) return [];
    const tensor = title === "own" ? relaid(file, name, entry, ownToTorch) : renamed(file, name, entry);
    const counter = name.replace(/running_var$/, "num_batches_tracked");
    return counter === name ? [tensor] : [tensor, batchCounter(counter, step)];
  });
  const nameless = named.flatMap(([name, entry]) => name === undefined ? [entry.name] : []);
  return { tensors, leftOut: [...nameless, ...weights.leftOut] };
};

/** The weights under this library's paths, in its layout, as F32.
 * @category Weights */
export const toOwn = (weights: NamedWeights): Conversion => ({
  tensors: pathsOf(weights).map(([path, entry]) =>
    weights.title === "own" ? renamed(weights.file, path, entry) : relaid(weights.file, path, entry, torchToOwn)
  ),
  leftOut: weights.leftOut,
});

/** The tensors whose names begin with the prefix, without it, and else as they are.
 * @category Weights */
export const withoutPrefix = (file: TensorFile, prefix: string): Conversion => ({
  tensors: file.entries.filter(({ name }) => name.startsWith(prefix)).map((entry) =>
    renamed(file, entry.name.slice(prefix.length), entry)
  ),
  leftOut: file.entries.map(({ name }) => name).filter((name) => !name.startsWith(prefix)),
});
