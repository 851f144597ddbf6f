/**
 * The trial of a network of one's own, on one batch of the input's size: what would end its training, or train in silence
 * and wrongly, is found before it begins.
 */
import type { DepthNetwork } from "../cliffnet/network.ts";
import { readValues } from "../backend/device.ts";
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { attempt, type Failure, failure } from "../errors.ts";
import { firstLine } from "../modules/user_code.ts";
import type { Variables } from "../nn/layer.ts";
import { asFeatures, type Images } from "../tensor/features.ts";
import { drawUniform } from "../tensor/draw.ts";
import { keyOf } from "../tensor/key.ts";
import { scope } from "../tensor/scope.ts";
import {
  type Branch,
  type Form,
  formLeaves,
  formOf,
  type Leaf,
  leaves,
  type Tree,
  withLeaves,
} from "../tensor/tree.ts";
import type { Configuration } from "./configuration.ts";

/** Why a network cannot be trained, and what to write instead. */
interface Fault {
  readonly found: string;
  readonly expected: string;
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Two pictures, so that one that takes only one shows. */
const pictures = 2;

const namesOf = (paths: readonly string[]): string => {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : "";
  return `${paths.slice(0, 3).join(", ")}${more}`;
};

const formText = (form: Form<Tree>): string =>
  formLeaves(form).map(({ path, shape }) => `${path} ${shapeText(shape)}`).sort().join("\n");

/** Where variables are of another form than is said: a checkpoint could not be read again. */
const formFault = (what: string, tree: Branch, said: Form<Branch>): Fault | null =>
  formText(formOf(tree)) === formText(said) ? null : {
    found: `${what} of another form than the network's form says`,
    expected: "names and shapes as `form` has them, as those of composed layers are",
  };

const outputFault = (output: unknown, height: number, width: number): Fault | null => {
  const wanted = [pictures, height, width, 1];
  const expected = `depth maps of shape ${shapeText(wanted)} for pictures of that size`;
  if (!(output instanceof tf.Tensor)) return { found: `an output of type ${typeof output}`, expected };
  const found = shapeText(output.shape);
  return found === shapeText(wanted) ? null : { found: `an output of shape ${found}`, expected };
};

/** The gradients of an output by some tensors, by their paths; null where there is none. */
const gradientsOf = (run: () => tf.Tensor, tensors: readonly Leaf[]): ReadonlyMap<string, tf.Tensor | null> => {
  if (tensors.length === 0) return new Map();
  const { grads } = tf.engine().gradients(run, tensors.map(({ tensor }) => tensor), undefined, true);
  return new Map(tensors.map(({ path }, at) => [path, grads[at] ?? null]));
};

const withoutGradient = (gradients: ReadonlyMap<string, tf.Tensor | null>): readonly string[] =>
  [...gradients].flatMap(([path, gradient]) => gradient === null ? [path] : []);

/** Variables of TensorFlow.js by name, none of which this library makes: no optimizer of the training knows them. */
const strangers = (): readonly Leaf[] =>
  Object.entries(tf.engine().state.registeredVariables).filter(([, { trainable, isDisposed }]) =>
    trainable && !isDisposed
  ).map(([path, tensor]) => ({ path, tensor }));

const idleFault = (idle: readonly string[]): Fault => ({
  found: `${idle.length === 1 ? "a parameter" : `${idle.length} parameters`} that the depth does not depend on, ` +
    `or through an operation without gradient: ${namesOf(idle)}`,
  expected: "depth that depends on every parameter; what training does not change belongs to the statistics",
});

const strangerFault: Fault = {
  found: "a tf.variable, which no optimizer of the training knows: it would never learn",
  expected: "parameters in `form` and `init`, as those of the library's layers",
};

/** What is wrong in the gradients of a network, or the sum of their absolute values. */
const slopesOf = (
  network: DepthNetwork,
  { params, statistics }: Variables<Branch, Branch>,
  images: Images,
): Fault | tf.Tensor => {
  const own = leaves(params);
  const outputOf = (given: Branch): tf.Tensor => {
    const [depth] = network.apply({ params: given, statistics }, images, "training", keyOf(1));
    // Not the mean: that of a normalized output has no slope.
    return tf.sum(tf.mul(depth, drawUniform(keyOf(3), depth.shape)));
  };
  const inPlace = (): Branch => withLeaves(params, new Map(own.map(({ path, tensor }) => [path, tensor])));
  const gradients = gradientsOf(() => outputOf(inPlace()), own);
  const idle = withoutGradient(gradients);
  if (idle.length > 0) return idleFault(idle);
  const foreign = strangers();
  if (withoutGradient(gradientsOf(() => outputOf(params), foreign)).length < foreign.length) return strangerFault;
  return [...gradients.values()].reduce<tf.Tensor>(
    (sum, gradient) => gradient === null ? sum : tf.add(sum, tf.sum(tf.abs(gradient))),
    tf.scalar(own.length === 0 ? 1 : 0),
  );
};

/** What a network has come to in its trial: the sums of its depths and of its gradients' absolute values, or what is wrong. */
const tried = (network: DepthNetwork, height: number, width: number): Fault | tf.Tensor =>
  scope(() => {
    const variables = network.init(keyOf(0));
    const early = formFault("parameters", variables.params, network.form.params) ??
      formFault("statistics", variables.statistics, network.form.statistics);
    if (early !== null) return early;
    const images = asFeatures(3, drawUniform(keyOf(2), [pictures, height, width, 3]));
    const [output, statistics] = network.apply(variables, images, "training", keyOf(1));
    const [tested] = network.apply(variables, images, "inference");
    const fault = outputFault(output, height, width) ?? outputFault(tested, height, width) ??
      formFault("statistics", statistics, network.form.statistics);
    if (fault !== null) return fault;
    const slopes = slopesOf(network, variables, images);
    return slopes instanceof tf.Tensor ? tf.stack([tf.sum(tf.add(output, tested)), slopes.asScalar()]) : slopes;
  });

const sumsFault = ([depths = NaN, slopes = NaN]: ArrayLike<number> & Iterable<number>): Fault | null => {
  if (!Number.isFinite(depths)) {
    return { found: "depths that are NaN or infinite before any training", expected: "finite depths" };
  }
  return slopes > 0 ? null : {
    found: slopes === 0
      ? "gradients that are all 0, as those of tf.round, tf.step or tf.onesLike: it would never learn"
      : "gradients that are NaN or infinite",
    expected: "depth that changes with the parameters",
  };
};

/** {@link tried}, with what its numbers say, and how many tensors are left over. */
const judged = async (
  network: DepthNetwork,
  height: number,
  width: number,
): Promise<readonly [fault: Fault | null, kept: number]> => {
  const { numTensors } = tf.memory();
  const sums = tried(network, height, width);
  if (!(sums instanceof tf.Tensor)) return [sums, 0];
  const numbers = await readValues(sums).finally(() => sums.dispose());
  return [sumsFault(numbers), tf.memory().numTensors - numTensors];
};

const faultOf = async (network: DepthNetwork, height: number, width: number): Promise<Fault | null> => {
  const [fault, first] = await judged(network, height, width);
  if (fault !== null || first === 0) return fault;
  // A constant that is made once, and kept, is none the second time.
  const [, kept] = await judged(network, height, width);
  return kept === 0 ? null : {
    found: `${kept} tensors that it makes and keeps (tf.keep, or a cache), again with every step`,
    expected: "tensors that are made anew, or parameters",
  };
};

/** What the trial throws, if it is the network's fault: what its module throws is a failure already. */
const thrown = (path: string) => (reason: unknown): Failure => {
  if (!(reason instanceof Error) || !reason.message.startsWith("Cannot compute gradient")) throw reason;
  return failure("script", path, firstLine(reason), "operations that have a gradient");
};

/**
 * Tries a network of one's own out at the size of the configuration's input: it gives depth maps of that size, for two pictures,
 * in both modes, finite, has the form that it says, depends on all of its parameters, and keeps no tensor.
 *
 * Errors: "script", naming the module, what is wrong, and what is expected.
 */
export const tryNetwork = (
  network: DepthNetwork,
  { networkFile, data: { height, width } }: Pick<Configuration, "networkFile" | "data">,
): TaskEither<Failure, void> =>
  pipe(
    attempt(() => faultOf(network, height, width), thrown(networkFile)),
    TE.chain((fault) =>
      fault === null ? TE.right(undefined) : TE.left(failure("script", networkFile, fault.found, fault.expected))
    ),
  );
