import { readValues } from "../backend/device.ts";
import { onDevice } from "../backend/device_failure.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { generatorNames } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import { writeBytes } from "../formats/files.ts";
import { isJsonObject, jsonValue } from "../formats/json.ts";
import { openTensorFile } from "../formats/open_tensor_file.ts";
import { safetensorsParts } from "../formats/safetensors.ts";
import { storedFloat32, type StoredTensor, type TensorFile } from "../formats/tensor_file.ts";
import type { Learner } from "../nn/layer.ts";
import type { Transformation } from "../optim/transformation.ts";
import type { Key } from "../tensor/key.ts";
import { type Branch, disposeTree, leaves, type Tree } from "../tensor/tree.ts";
import { recognizeNames, type WeightsKind } from "../weights/recognize.ts";
import { type NamedWeights, objectivePart, ownName, restoreTree, restoreVariables } from "../weights/restore.ts";
import type { TrainState } from "./step.ts";

/** A checkpoint whose names were read; its tensors are read when they are restored.
 * @category Training */
export interface Checkpoint {
  /** The file that it was read from, for messages. */
  readonly path: string;
  /** What was trained; "backbone" for a ResNet of another program. */
  readonly kind: WeightsKind;
  /** Steps that were made; 0 if another program made them. */
  readonly step: number;
  /** The key of the run, with which training would go on as if it had not stopped. */
  readonly key: Key;
  /** The configuration of the run, as JSON; null if another program wrote the file. */
  readonly configuration: string | null;
  /** The labels of the scenes in the order of their class indices. */
  readonly scenes: readonly string[];
  /** The farthest depth of its training split in metres, where that was measured to evaluate it; null elsewhere. */
  readonly farthest: number | null;
  /** The SHA-256 of the file of each generator that was trained with, in hexadecimal, by name; none where nobody wrote it. */
  readonly generators: Readonly<Record<string, string>>;
  /** The SHA-256 of each module of one's own, "network" and "data", with all local files that it imports; of older files none. */
  readonly modules: Readonly<Record<string, string>>;
  /** What tells the samples of the training by their names; absent in older files, and for scenes. */
  readonly samples?: string;
  /** Whether nobody knows of which size its input was in training, as another program's file does not say it. */
  readonly anySize?: boolean;
  /** The tensors: by path below `params/`, `statistics/`, `optimizer/` and `objective/`, or by another program's names. */
  readonly weights: NamedWeights;
}

/** What is written beside the tensors.
 * @category Training */
export interface CheckpointInfo {
  /** What was trained. */
  readonly kind: WeightsKind;
  /** The configuration of the run, as JSON. */
  readonly configuration: string;
  /** The labels of the scenes in the order of their class indices; empty if the samples have none. */
  readonly scenes: readonly string[];
  /** The farthest depth of the training split in metres, if it was measured to evaluate what is trained. */
  readonly farthest?: number | null;
  /** The SHA-256 of the file of each generator that is trained with, in hexadecimal, by name. */
  readonly generators?: Readonly<Record<string, string>>;
  /** The SHA-256 of each module of one's own, "network" and "data", with all local files that it imports. */
  readonly modules?: Readonly<Record<string, string>>;
  /** What tells the samples of the training by their names, where they lie in files. */
  readonly samples?: string;
  /** Whether nobody knows of which size its input was in training; not so by default. */
  readonly anySize?: boolean;
}

/** What a checkpoint says of itself beside its tensors. */
export type CheckpointStory = CheckpointInfo & Pick<Checkpoint, "step" | "key">;

const format = "cliffnet-deno 1";

/** A story as the texts that a safetensors file holds; {@link readCheckpoint} reads them back. */
export const metadataOf = (
  { kind, step, key, configuration, scenes, generators = {}, modules = {}, samples, farthest = null, anySize = false }:
    CheckpointStory,
): Readonly<Record<string, string>> => ({
  format,
  kind,
  step: String(step),
  key: JSON.stringify(key),
  configuration,
  scenes: JSON.stringify(scenes),
  ...(farthest === null ? {} : { farthest: String(farthest) }),
  ...(Object.keys(generators).length === 0 ? {} : { generators: JSON.stringify(generators) }),
  ...(Object.keys(modules).length === 0 ? {} : { modules: JSON.stringify(modules) }),
  ...(samples === undefined ? {} : { samples }),
  ...(anySize ? { anySize: "true" } : {}),
});

const readTree = async (root: string, tree: Tree): Promise<readonly StoredTensor[]> =>
  await Promise.all(
    leaves(tree).map(async ({ path, tensor }) =>
      storedFloat32(ownName(root, path), tensor.shape, await readValues(tensor))
    ),
  );

/**
 * Writes parameters, statistics and optimizer as safetensors under the paths of their trees, with the step, the key and the
 * configuration in the metadata; what an objective learns lies under `objective/`. The file appears whole or not at all.
 * @category Training
 */
export const saveCheckpoint = <P extends Branch, S extends Branch>(
  path: string,
  { step, key, variables: { params, statistics }, optimizer }: TrainState<P, S>,
  info: CheckpointInfo,
): TaskEither<Failure, void> =>
  pipe(
    onDevice(
      path,
      () => Promise.all(Object.entries({ params, statistics, optimizer }).map(([root, tree]) => readTree(root, tree))),
    ),
    TE.chain((arrays) =>
      writeBytes(path, safetensorsParts(arrays.flat(), metadataOf({ step, key, generators: {}, ...info })))
    ),
  );

const kinds: readonly WeightsKind[] = ["depth", "backbone", ...generatorNames];

const wordsOf = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((each) => typeof each === "string") ? value : null;

const textsOf = (value: unknown): Readonly<Record<string, string>> | null => {
  if (!isJsonObject(value)) return null;
  const texts = Object.entries(value).flatMap(([name, text]) =>
    typeof text === "string" ? [[name, text] as const] : []
  );
  return texts.length === Object.keys(value).length ? Object.fromEntries(texts) : null;
};

const keyFrom = (value: unknown): Key | null => {
  const [first, second]: readonly unknown[] = Array.isArray(value) ? value : [];
  return typeof first === "number" && typeof second === "number" ? [first, second] : null;
};

/** Null as well for what is no depth: only an evaluation would want it, and measures it again then. */
const farthestFrom = (text = ""): number | null => Number(text) > 0 && Number(text) < Infinity ? Number(text) : null;

const storyOf = (
  path: string,
  metadata: Readonly<Record<string, string>>,
): Either<Failure, Omit<Checkpoint, "path" | "weights">> => {
  const kind = kinds.find((each) => each === metadata.kind);
  const step = Number(metadata.step);
  const key = keyFrom(jsonValue(metadata.key ?? ""));
  const scenes = wordsOf(jsonValue(metadata.scenes ?? ""));
  const generators = textsOf(jsonValue(metadata.generators ?? "{}"));
  const modules = textsOf(jsonValue(metadata.modules ?? "{}"));
  const { configuration, samples } = metadata;
  const sound = kind !== undefined && Number.isInteger(step) && key !== null && scenes !== null &&
    generators !== null && modules !== null && configuration !== undefined;
  const farthest = farthestFrom(metadata.farthest);
  const told = {
    ...(samples === undefined ? {} : { samples }),
    ...(metadata.anySize === "true" ? { anySize: true } : {}),
  };
  return sound ? E.right({ kind, step, key, configuration, scenes, generators, modules, farthest, ...told }) : E.left(
    failure("checkpoint", path, "a checkpoint whose metadata are damaged", "one of train, pretrain or convert"),
  );
};

const ownRoots = ["params/", "statistics/", "optimizer/", `${objectivePart}/`];

/** The tensors of an own checkpoint: those with own names lie in this library's layout. */
const ownWeights = (file: TensorFile, kind: WeightsKind): NamedWeights => {
  const names = file.entries.map(({ name }) => name);
  return { file, kind, title: "own", prefix: "", names: new Map(names.map((name) => [name, name])), leftOut: [] };
};

const hasOwnNames = ({ entries }: TensorFile): boolean =>
  entries.length > 0 && entries.every(({ name }) => ownRoots.some((root) => name.startsWith(root)));

const foreignStory = {
  step: 0,
  key: [0, 0],
  configuration: null,
  scenes: [],
  generators: {},
  modules: {},
  farthest: null,
  anySize: true,
} as const;

/** What the tensors of a file are; otherwise as {@link readCheckpoint}. Errors: "checkpoint". */
export const checkpointIn = (file: TensorFile): Either<Failure, Checkpoint> => {
  const { path, metadata } = file;
  const story = metadata.format === format ? storyOf(path, metadata) : null;
  if (story !== null && E.isLeft(story)) return story;
  if (story !== null && hasOwnNames(file)) {
    return E.right({ path, ...story.right, weights: ownWeights(file, story.right.kind) });
  }
  return pipe(
    recognizeNames(path, file.entries.map(({ name }) => name)),
    E.map((names) => ({ path, kind: names.kind, ...(story?.right ?? foreignStory), weights: { ...names, file } })),
  );
};

/**
 * Reads the names of a checkpoint: one of this library, or a safetensors or PyTorch file with the names of the published
 * network, of HEG-S or of torchvision's ResNet. The tensors stay in the file until they are restored.
 *
 * Errors: "file"; "format" if it is damaged; "checkpoint" if its names mean nothing here.
 * @category Training
 */
export const readCheckpoint = (path: string): TaskEither<Failure, Checkpoint> =>
  pipe(openTensorFile(path), TE.chainEitherK(checkpointIn));

/**
 * The state of a training that {@link saveCheckpoint} wrote, with which {@link trainLoop} goes on as if it had not stopped.
 * The caller owns it.
 *
 * Errors: "checkpoint", listing all tensors that do not fit learner and optimizer; those of reading the file.
 * @category Training
 */
export const resumeState = <B, P extends Branch, S extends Branch>(
  { weights, step, key }: Checkpoint,
  learner: Learner<B, P, S>,
  optimizer: Transformation,
): TaskEither<Failure, TrainState<P, S>> =>
  pipe(
    restoreVariables(weights, learner),
    TE.chain((variables) =>
      pipe(
        restoreTree<Branch>(weights, "optimizer", optimizer.form(learner.form.params)),
        TE.map((optimizerState) => ({ step, key, variables, optimizer: optimizerState })),
        TE.mapLeft((problem) => {
          [variables.params, variables.statistics].forEach(disposeTree);
          return problem;
        }),
      )
    ),
  );
