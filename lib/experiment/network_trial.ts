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

/** By which of some tensors an output has no gradient. */
const withoutGradient = (run: () => tf.Tensor, tensors: readonly Leaf[]): readonly string[] => {
  if (tensors.length === 0) return [];
  const { grads } = tf.engine().gradients(run, tensors.map(({ tensor }) => tensor), undefined, true);
  return tensors.flatMap(({ path }, at) => (grads[at] ?? null) === null ? [path] : []);
};

/** Variables of TensorFlow.js by name, none of which this library makes: no optimizer of the training knows them. */
const strangers = (): readonly Leaf[] =>
  Object.entries(tf.engine().state.registeredVariables).filter(([, { trainable, isDisposed }]) =>
    trainable && !isDisposed
  ).map(([path, tensor]) => ({ path, tensor }));

const gradientFault = (
  network: DepthNetwork,
  { params, statistics }: Variables<Branch, Branch>,
  images: Images,
): Fault | null => {
  const own = leaves(params);
  const outputOf = (given: Branch): tf.Tensor =>
    tf.mean(network.apply({ params: given, statistics }, images, "training", keyOf(1))[0]);
  const foreign = strangers();
  const idle = withoutGradient(
    () => outputOf(withLeaves(params, new Map(own.map(({ path, tensor }) => [path, tensor])))),
    own,
  );
  if (idle.length > 0) {
    return {
      found: `${idle.length === 1 ? "a parameter" : `${idle.length} parameters`} that the depth does not depend on, ` +
        `or through an operation without gradient: ${namesOf(idle)}`,
      expected: "depth that depends on every parameter; what training does not change belongs to the statistics",
    };
  }
  const unknown = withoutGradient(() => outputOf(params), foreign);
  return foreign.length === unknown.length ? null : {
    found: "a tf.variable, which no optimizer of the training knows: it would never learn",
    expected: "parameters in `form` and `init`, as those of the library's layers",
  };
};

/** What is wrong in what a network computes, and the sum of its depths, which is finite where all of them are. */
const tried = (network: DepthNetwork, height: number, width: number): readonly [Fault | null, tf.Tensor | null] =>
  scope(() => {
    const variables = network.init(keyOf(0));
    const early = formFault("parameters", variables.params, network.form.params) ??
      formFault("statistics", variables.statistics, network.form.statistics);
    if (early !== null) return [early, null];
    const images = asFeatures(3, drawUniform(keyOf(2), [pictures, height, width, 3]));
    const [output, statistics] = network.apply(variables, images, "training", keyOf(1));
    const [tested] = network.apply(variables, images, "inference");
    const fault = outputFault(output, height, width) ?? outputFault(tested, height, width) ??
      formFault("statistics", statistics, network.form.statistics) ??
      gradientFault(network, variables, images);
    return [fault, fault === null ? tf.sum(tf.add(output, tested)) : null];
  });

/** {@link tried}, after which depths must be finite, and how many tensors are left over. */
const judged = async (
  network: DepthNetwork,
  height: number,
  width: number,
): Promise<readonly [fault: Fault | null, kept: number]> => {
  const { numTensors } = tf.memory();
  const [fault, sum] = tried(network, height, width);
  if (sum === null) return [fault, 0];
  const [total] = await readValues(sum).finally(() => sum.dispose());
  return Number.isFinite(total)
    ? [null, tf.memory().numTensors - numTensors]
    : [{ found: "depths that are NaN or infinite before any training", expected: "finite depths" }, 0];
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
