import { readValues } from "../backend/device.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import { readBytes, writeBytes } from "../formats/files.ts";
import { decodeSafetensors, type NamedArray, safetensorsParts } from "../formats/safetensors.ts";
import type { Variables } from "../nn/layer.ts";
import type { Key } from "../tensor/key.ts";
import { type Branch, disposeTree, leaves, type Tree, withLeaves } from "../tensor/tree.ts";
import type { TrainState } from "./step.ts";

/** What a checkpoint holds: a depth network, HEG-S or HEG-R. */
export type CheckpointKind = "depth" | "scene" | "reconstruction";

/** A checkpoint as it was read; its tensors are not on the device yet. */
export interface Checkpoint {
  /** The file that it was read from, for messages. */
  readonly path: string;
  /** What was trained. */
  readonly kind: CheckpointKind;
  /** Steps that were made. */
  readonly step: number;
  /** The key of the run, with which training would go on as if it had not stopped. */
  readonly key: Key;
  /** The configuration of the run, as JSON. */
  readonly configuration: string;
  /** The labels of the scenes in the order of their class indices. */
  readonly scenes: readonly string[];
  /** The values by path, below `params/`, `statistics/` and `optimizer/`. */
  readonly tensors: ReadonlyMap<string, NamedArray>;
}

/** What is written beside the tensors. */
export interface CheckpointInfo {
  /** What was trained. */
  readonly kind: CheckpointKind;
  /** The configuration of the run, as JSON. */
  readonly configuration: string;
  /** The labels of the scenes in the order of their class indices; empty if the samples have none. */
  readonly scenes: readonly string[];
}

const format = "cliffnet-deno 1";

const readTree = async (root: string, tree: Tree): Promise<readonly NamedArray[]> =>
  await Promise.all(
    leaves(tree, root).map(async ({ path, tensor }) => ({
      name: path,
      shape: tensor.shape,
      values: await readValues(tensor),
    })),
  );

/**
 * Writes parameters, statistics and optimizer as safetensors under the paths of their trees, with the step, the key and the
 * configuration in the metadata. The file appears whole or not at all.
 */
export const saveCheckpoint = <P extends Branch, S extends Branch>(
  path: string,
  state: TrainState<P, S>,
  info: CheckpointInfo,
): TaskEither<Failure, void> => {
  const metadata = {
    format,
    kind: info.kind,
    step: String(state.step),
    key: JSON.stringify(state.key),
    configuration: info.configuration,
    scenes: JSON.stringify(info.scenes),
  };
  const trees = { params: state.variables.params, statistics: state.variables.statistics, optimizer: state.optimizer };
  return pipe(
    TE.tryCatch(
      () => Promise.all(Object.entries(trees).map(([root, tree]) => readTree(root, tree))),
      (reason) => failure("device", path, reasonText(reason), "tensors that can be read from the device"),
    ),
    TE.chain((arrays) => writeBytes(path, safetensorsParts(arrays.flat(), metadata))),
  );
};

const kinds: readonly CheckpointKind[] = ["depth", "scene", "reconstruction"];

const wordsOf = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? value : null;

const keyFrom = (value: unknown): Key | null => {
  const [first, second]: readonly unknown[] = Array.isArray(value) ? value : [];
  return typeof first === "number" && typeof second === "number" ? [first, second] : null;
};

const jsonOf = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
};

const decode = (path: string, bytes: Uint8Array): Either<Failure, Checkpoint> =>
  pipe(
    decodeSafetensors(path, bytes),
    E.chain(({ tensors, metadata }) => {
      const kind = kinds.find((each) => each === metadata.kind);
      const step = Number(metadata.step);
      const key = keyFrom(jsonOf(metadata.key));
      const scenes = wordsOf(jsonOf(metadata.scenes));
      const { configuration } = metadata;
      const sound = metadata.format === format && kind !== undefined && Number.isInteger(step) && key !== null &&
        scenes !== null && configuration !== undefined;
      return sound ? E.right({ path, kind, step, key, configuration, scenes, tensors }) : E.left(
        failure("checkpoint", path, "safetensors that no task here has written", "a checkpoint of train or pretrain"),
      );
    }),
  );

/** Reads a checkpoint. Errors: "file", "format" if it is damaged, "checkpoint" if it is of another program. */
export const readCheckpoint = (path: string): TaskEither<Failure, Checkpoint> =>
  pipe(readBytes(path), TE.chainEitherK((bytes) => decode(path, bytes)));

const some = (names: readonly string[]): string =>
  names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");

/** What is wrong with the tensors under `root` for a tree of this form, in words; nothing if all is right. */
const mismatches = (checkpoint: Checkpoint, root: string, template: Tree): readonly string[] => {
  const wanted = leaves(template, root);
  const names = new Set(wanted.map(({ path }) => path));
  const missing = wanted.filter(({ path }) => !checkpoint.tensors.has(path)).map(({ path }) => path);
  const surplus = [...checkpoint.tensors.keys()].filter((name) => name.startsWith(`${root}/`) && !names.has(name));
  const misshapen = wanted.flatMap(({ path, tensor }) => {
    const shape = checkpoint.tensors.get(path)?.shape;
    const same = shape === undefined || shape.join() === tensor.shape.join();
    return same ? [] : [`${path} [${shape?.join(", ")}] instead of [${tensor.shape.join(", ")}]`];
  });
  return [
    ...(missing.length > 0 ? [`without ${some(missing)}`] : []),
    ...(surplus.length > 0 ? [`with ${some(surplus)} too many`] : []),
    ...(misshapen.length > 0 ? [`with ${some(misshapen)}`] : []),
  ];
};

/**
 * The tensors of a checkpoint in the form of a tree, on the device; the caller owns them.
 *
 * Errors: "checkpoint", listing what is missing, surplus or of another shape.
 */
export const restoreTree = <T extends Tree>(checkpoint: Checkpoint, root: string, template: T): Either<Failure, T> => {
  const wrong = mismatches(checkpoint, root, template);
  if (wrong.length > 0) {
    const advice = "Is it a checkpoint of another configuration?";
    return E.left(
      failure("checkpoint", checkpoint.path, `a file ${wrong.join("; ")}`, "the tensors of the network", advice),
    );
  }
  const tensors = leaves(template, root).map(({ path }) => {
    const array = checkpoint.tensors.get(path);
    return [path.slice(root.length + 1), tf.tensor(array?.values ?? [], [...array?.shape ?? []], "float32")] as const;
  });
  return E.right(withLeaves(template, new Map(tensors)));
};

/**
 * Parameters and statistics of a checkpoint in the form of a template, which stays its owner's; the caller owns what is
 * returned. `part` names the part of the network that is wanted, such as "stages"; all of it if it is absent.
 *
 * Errors: as {@link restoreTree}.
 */
export const restoreVariables = <P extends Branch, S extends Branch>(
  checkpoint: Checkpoint,
  template: Variables<P, S>,
  part?: string,
): Either<Failure, Variables<P, S>> => {
  const root = (tree: string): string => part === undefined ? tree : `${tree}/${part}`;
  const params = restoreTree(checkpoint, root("params"), template.params);
  if (E.isLeft(params)) return params;
  const statistics = restoreTree(checkpoint, root("statistics"), template.statistics);
  if (E.isLeft(statistics)) {
    disposeTree(params.right);
    return statistics;
  }
  return E.right({ params: params.right, statistics: statistics.right });
};
