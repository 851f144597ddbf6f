import { thrownFailure } from "../backend/device_failure.ts";
import type { CliffNet } from "../cliffnet/network.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure } from "../errors.ts";
import {
  describeEntry,
  float32Values,
  type StoredTensor,
  type TensorEntry,
  type TensorFile,
} from "../formats/tensor_file.ts";
import { fromTorch, type ShapedValues, shapeFromTorch } from "../formats/torch_layout.ts";
import type { Parametrized, Variables } from "../nn/layer.ts";
import type { Tensor } from "../tensor/features.ts";
import {
  type Branch,
  disposeTree,
  type Form,
  formLeaves,
  mapTree,
  type Shape,
  type Tree,
  treeOf,
} from "../tensor/tree.ts";
import type { RecognizedNames } from "./recognize.ts";

/** The tensors of a file and what they are here.
 * @category Weights */
export interface NamedWeights extends RecognizedNames {
  /** The file, from which values are read when they are wanted. */
  readonly file: TensorFile;
}

/** The part of a learner's parameters that its objective learns, not its network. */
export const objectivePart = "objective";

/**
 * The name in own checkpoints of a tensor by its path below a root, such as "params": what an objective learns has a root of
 * its own, which nobody reads who restores a network.
 */
export const ownName = (root: string, path: string): string =>
  root === "params" && path.startsWith(`${objectivePart}/`) ? path : `${root}/${path}`;

/** The shape here of a tensor as it is in the file. */
export const shapeHere = ({ title }: RecognizedNames, { shape }: TensorEntry): readonly number[] =>
  title === "own" ? shape : shapeFromTorch(shape);

/** The values as 32-bit floats in this library's layout. */
const valuesHere = ({ title }: RecognizedNames, stored: StoredTensor): ShapedValues => {
  const array = { shape: stored.shape, values: float32Values(stored) };
  return title === "own" ? array : fromTorch(array);
};

/** Whether a tensor holds floating-point numbers, as all weights do. */
export const isFloating = ({ dtype }: TensorEntry): boolean => ["F64", "F32", "F16", "BF16"].includes(dtype);

const mismatch = (
  weights: NamedWeights,
  entry: TensorEntry,
  shape: Shape,
): string | undefined => {
  if (!isFloating(entry)) return `type      ${entry.name}: ${describeEntry(entry)} instead of floats`;
  const found = shapeHere(weights, entry);
  const same = found.join() === shape.join();
  return same ? undefined : `shape     ${entry.name}: [${found.join(", ")}] instead of [${shape.join(", ")}]`;
};

/** What is wrong with the tensors under `root` for a tree of this form, a line each; nothing if all is right. */
const mismatches = (weights: NamedWeights, root: string, form: Form<Tree>): readonly string[] => {
  const wanted = formLeaves(form).map(({ path, shape }) => ({ path: ownName(root, path), shape }));
  const paths = new Set(wanted.map(({ path }) => path));
  const entries = new Map(weights.file.entries.map((entry) => [entry.name, entry]));
  const [missing, wrong]: readonly [string[], string[]] = [[], []];
  wanted.forEach(({ path, shape }) => {
    const name = weights.names.get(path);
    const entry = name === undefined ? undefined : entries.get(name);
    if (entry === undefined) missing.push(`missing   ${path}`);
    else wrong.push(...[mismatch(weights, entry, shape)].filter((line) => line !== undefined));
  });
  const surplus = [...weights.names].filter(([path]) => path.startsWith(`${root}/`) && !paths.has(path));
  return [...missing, ...surplus.map(([, name]) => `too many  ${name}`), ...wrong];
};

const refusal = ({ file }: NamedWeights, lines: readonly string[]): Failure => ({
  ...failure(
    "checkpoint",
    file.path,
    `a file that does not fit in ${lines.length} tensor${lines.length === 1 ? "" : "s"}, listed below`,
    "the tensors of the network",
    "Is it a checkpoint of another configuration?",
  ),
  details: lines,
});

/** The name in the file of a tensor that is known to be there. */
const nameOf = ({ names }: NamedWeights, path: string): string => {
  const name = names.get(path);
  if (name === undefined) throw new Error(`no tensor "${path}"`);
  return name;
};

const notFinite = (path: string, name: string, value: number | undefined): Failure =>
  failure(
    "numeric",
    path,
    `${value} in ${name}`,
    "finite weights",
    "Its training has diverged: look at the log of its losses, and take a checkpoint from before.",
  );

/** The values of a tensor of a file, of which none may be NaN or infinite: behind a ReLU, a NaN may become 0 and hide. */
export const finiteValues = (weights: NamedWeights, path: string): TaskEither<Failure, ShapedValues> => {
  const name = nameOf(weights, path);
  return pipe(
    weights.file.read(name),
    TE.map((stored) => valuesHere(weights, stored)),
    TE.chainEitherK((array) => {
      const at = array.values.findIndex((value) => !Number.isFinite(value));
      return at < 0 ? E.right(array) : E.left(notFinite(weights.file.path, name, array.values[at]));
    }),
  );
};

/** Reads one tensor after the other, so that no more than one is in memory beside those on the device. */
const readTree =
  <T extends Tree>(weights: NamedWeights, root: string, form: Form<T>): TaskEither<Failure, T> => async () => {
    const restored = new Map<string, Tensor>();
    const free = () => restored.forEach((tensor) => tensor.dispose());
    try {
      for (const { path } of formLeaves(form)) {
        const array = await finiteValues(weights, ownName(root, path))();
        if (E.isLeft(array)) {
          free();
          return array;
        }
        const { shape, values } = array.right;
        restored.set(path, tf.tensor(values, [...shape], "float32"));
      }
      return E.right(treeOf(form, restored));
    } catch (reason) {
      free();
      return E.left(thrownFailure(reason, weights.file.path));
    }
  };

const checked = (weights: NamedWeights, lines: readonly string[]): Either<Failure, NamedWeights> =>
  lines.length === 0 ? E.right(weights) : E.left(refusal(weights, lines));

/**
 * The tensors of a file under `root`, such as "optimizer", as a tree of a form, on the device; the caller owns them. No
 * tensor is made before the names and shapes in the file were found to fit.
 *
 * Errors: "checkpoint", listing all tensors that are missing, too many or of another shape or type; "numeric" for one with
 * a value that is NaN or infinite; those of reading.
 * @category Weights
 */
export const restoreTree = <T extends Tree>(
  weights: NamedWeights,
  root: string,
  form: Form<T>,
): TaskEither<Failure, T> =>
  pipe(
    TE.fromEither(checked(weights, mismatches(weights, root, form))),
    TE.chain(() => readTree(weights, root, form)),
  );

/** Both trees, or, if the second one fails, neither. */
const both = <P extends Branch, S extends Branch>(
  first: TaskEither<Failure, P>,
  second: TaskEither<Failure, S>,
): TaskEither<Failure, Variables<P, S>> =>
async () => {
  const params = await first();
  if (E.isLeft(params)) return params;
  const statistics = await second();
  if (E.isRight(statistics)) return E.right({ params: params.right, statistics: statistics.right });
  disposeTree(params.right);
  return statistics;
};

/** Where the parts of a network lie in a file. */
const rootsOf = (part: string | undefined): readonly [params: string, statistics: string] => {
  const below = part === undefined ? "" : `/${part}`;
  return [`params${below}`, `statistics${below}`];
};

/**
 * Whether a file has the tensors of a network, by names and shapes alone: no tensor is read.
 *
 * Errors: "checkpoint", listing all that does not fit; of a whole depth network, tensors with unknown names are errors, too.
 *
 * @param network What is to be restored: a layer, or a learner.
 * @param part The part of the file's network that is wanted, such as "stages" or "backbone"; all of it if it is absent.
 */
export const checkVariables = <P extends Branch, S extends Branch>(
  weights: NamedWeights,
  { form }: Parametrized<P, S>,
  part?: string,
): Either<Failure, NamedWeights> => {
  const [params, statistics] = rootsOf(part);
  return checked(weights, [
    ...mismatches(weights, params, form.params),
    ...mismatches(weights, statistics, form.statistics),
    ...(part === undefined ? weights.leftOut.map((name) => `unknown   ${name}`) : []),
  ]);
};

/**
 * Parameters and statistics of a network from a file, on the device; the caller owns them.
 *
 * Errors: as {@link checkVariables}, and those of reading. The parameters are those of {@link checkVariables}.
 * @category Weights
 */
export const restoreVariables = <P extends Branch, S extends Branch>(
  weights: NamedWeights,
  network: Parametrized<P, S>,
  part?: string,
): TaskEither<Failure, Variables<P, S>> => {
  const [params, statistics] = rootsOf(part);
  const { form } = network;
  return pipe(
    TE.fromEither(checkVariables(weights, network, part)),
    TE.chain(() => both(readTree<P>(weights, params, form.params), readTree<S>(weights, statistics, form.statistics))),
  );
};

const copyOf = (tree: Branch): Branch => mapTree(tree, (tensor) => tf.clone(tensor));

/** The network whose first variables are drawn, but for those of its backbone, which are given and stay their owner's.
 * @category Weights */
export const withBackbone = <P extends Branch, S extends Branch>(
  network: CliffNet<P, S>,
  { params, statistics }: Variables<Branch, Branch>,
): CliffNet<P, S> => ({
  ...network,
  init: (key) => {
    const drawn = network.init(key);
    [drawn.params.backbone, drawn.statistics.backbone].forEach(disposeTree);
    return {
      params: { ...drawn.params, backbone: copyOf(params) },
      statistics: { ...drawn.statistics, backbone: copyOf(statistics) },
    };
  },
});
