/**
 * The trial of a loss of one's own, on two small depth maps with holes: what would train in silence, and wrongly, is found
 * before training.
 */
import { tf } from "../dependencies/tensorflow.ts";
import type { Term } from "../loss/objective.ts";
import { l1 } from "../loss/pixel.ts";
import { scope } from "../tensor/scope.ts";
import { type Branch, type Form, formLeaves, formOf, leaves, withLeaves } from "../tensor/tree.ts";
import {
  firstKey,
  large,
  measure,
  type Measured,
  otherHoles,
  otherKey,
  prepared,
  reversed,
  small,
  valueOf,
} from "./loss_trial_batch.ts";
import { firstLine } from "../modules/user_code.ts";

/** Why a loss cannot be trained with, and what to write instead. */
export interface Fault {
  readonly found: string;
  /** By default a finite scalar of the loss's arguments. */
  readonly expected?: string;
  readonly advice?: string;
}

/** Why a value is no loss of a batch, in words; null if it is a scalar tensor. */
const wrongValue = (value: unknown): string | null => {
  if (value instanceof Promise) {
    // Its rejection says no more than that it must not be one.
    value.catch(() => {});
    return "a loss that returns a promise, as an async function does";
  }
  if (!(value instanceof tf.Tensor)) return `a loss that returns ${typeof value}, not a tensor`;
  return value.rank === 0 ? null : `a loss that returns a tensor of shape [${value.shape.join(", ")}]`;
};

/** Whether a loss gives a scalar at all. */
const scalarFault = (term: Term): Fault | null =>
  scope(() => {
    const { run, prediction } = prepared(term, small, small, firstKey);
    const found = wrongValue(run(prediction));
    return found === null ? null : { found };
  });

/** What is measured, or why there is no gradient: TensorFlow.js says so of an operation without one. */
const measuredOrFault = async (term: Term): Promise<Measured | Fault> => {
  try {
    return await measure(term, small);
  } catch (reason) {
    if (reason instanceof Error && reason.message.startsWith("Cannot compute gradient")) {
      return { found: firstLine(reason) };
    }
    throw reason;
  }
};

const isFault = (found: Measured | Fault): found is Fault => "found" in found;

const where = "where depths are 0…6 m and 0 is a hole";

const infinite = ({ value, gradient }: Measured): Fault | null => {
  if (!Number.isFinite(value)) return { found: `a loss that is ${value} ${where}` };
  const steep = gradient.find((slope) => !Number.isFinite(slope));
  return steep === undefined ? null : { found: `a loss whose gradient is ${steep} ${where}` };
};

const isFlat = ({ gradient }: Measured): boolean => gradient.every((slope) => slope === 0);

/** A loss that is flat on small maps may look at windows that do not fit into them. */
const flat = async (term: Term, measured: Measured): Promise<Fault | null> =>
  !isFlat(measured) || !isFlat(await measure(term, large)) ? null : {
    found: "a loss whose gradient by the prediction is 0 everywhere",
    expected: "one that pulls at the prediction",
    advice: "tf.step, tf.round, comparisons and stopGradient let no gradient through: weight a difference by them.",
  };

const digits = (value: number): string => value.toPrecision(4);

const differs = (first: number, second: number): boolean =>
  !(Math.abs(first - second) <= 1e-4 * Math.abs(first) + 1e-7);

const unsteady = async (term: Term, { value }: Measured): Promise<Fault | null> => {
  const again = await valueOf(term, small);
  return !differs(value, again) ? null : {
    found: `a loss that is ${digits(value)} and then ${digits(again)} of the same images and the same key`,
    expected: "one value for one key",
    advice:
      "Draw by drawUniform(at.key, shape) or drawNormal, not by tf.random… or Math.random, and keep nothing from " +
      "call to call: at.step counts.",
  };
};

/** Tensors that a call leaves, when what is made once has been made. */
const leaking = async (term: Term): Promise<Fault | null> => {
  const before = tf.memory().numTensors;
  await valueOf(term, small);
  const left = tf.memory().numTensors - before;
  return left <= 0 ? null : {
    found: `a loss that keeps ${left} tensor${left === 1 ? "" : "s"} at each call`,
    expected: "a loss that leaves nothing behind",
    advice: "Leave out tf.keep: what a step makes is freed at its end. A constant is made once, at the module's top.",
  };
};

const countsHoles = async (term: Term, measured: Measured): Promise<Fault | null> => {
  if (term.loss.usesHoles === true) return null;
  const other = await measure(term, otherHoles(small), small);
  const steepest = Math.max(...measured.gradient.map(Math.abs));
  const moved = other.gradient.some((slope, at) => {
    const before = small.target[at] === 0 ? 0 : measured.gradient[at] ?? NaN;
    return !(Math.abs(slope - before) <= 1e-3 * steepest);
  });
  const changed = differs(measured.value, other.value);
  if (!changed && !moved) return null;
  const [first, second] = [digits(measured.value), digits(other.value)];
  return {
    found: changed
      ? `a loss that counts holes: it is ${first}, and ${second} with other depths where the mask is 0`
      : "a loss that counts holes: its gradient is another with other depths where the mask is 0, or not 0 there",
    expected: "one whose value and gradient do not move with what stands in holes",
    advice: "Write maskedMean(differences, mask) for tf.mean, onValidPixels(maps, mask, 0) before neighbours are " +
      "compared; or export withTraits(loss, { usesHoles: true }).",
  };
};

const seesOrder = async (term: Term, { value }: Measured): Promise<Fault | null> => {
  if (term.loss.ordered === true) return null;
  const other = await valueOf(term, reversed(small));
  // What is drawn for the first image falls on the other one then.
  if (!differs(value, other) || differs(value, await valueOf(term, small, otherKey))) return null;
  return {
    found: `a loss that is ${digits(value)}, and ${digits(other)} with the images of the batch in another order`,
    expected: "one value for a batch in any order",
    advice: "Batches are shuffled: take the mean over all images; or export withTraits(loss, { ordered: true }).",
  };
};

const describeForm = (form: Form<Branch>): string =>
  formLeaves(form).map(({ path, shape }) => `${path} [${shape.join(", ")}]`).sort().join(", ");

/** Whether what it learns begins as its form says, and its weight is a number. */
const unformed = ({ learns }: Term): Fault | null =>
  learns === undefined ? null : scope(() => {
    const params = learns.init(firstKey);
    const [found, wanted] = [formOf(params), learns.form].map(describeForm);
    if (found !== wanted) return { found: `the parameters ${found} where form says ${wanted}` };
    const weight: unknown = learns.weight?.(params);
    const sound = weight === undefined || (weight instanceof tf.Tensor && weight.rank === 0);
    return sound ? null : { found: "a learned weight that is no scalar tensor" };
  });

/** Whether each of its own parameters has a gradient. */
const idleParameter = (term: Term): Fault | null =>
  scope(() => {
    const { run, prediction, params } = prepared(term, small, small, firstKey);
    const own = leaves(params);
    if (own.length === 0) return null;
    const { grads } = tf.engine().gradients(
      () => run(prediction, withLeaves(params, new Map(own.map(({ path, tensor }) => [path, tensor])))),
      own.map(({ tensor }) => tensor),
      undefined,
      true,
    );
    const idle = own.find((_, at) => (grads[at] ?? null) === null);
    return idle === undefined ? null : {
      found: `a parameter "${idle.path}" on which the loss does not depend`,
      expected: "parameters that all have a gradient",
    };
  });

/** The names of all variables of TensorFlow.js. This library makes none. */
export const variableNames = (): readonly string[] => Object.keys(tf.engine().state.registeredVariables);

/** A variable that the loss depends on, or that came into being since; nothing would train it. */
const variableFault = (term: Term, before: readonly string[]): Fault | null => {
  const { registeredVariables } = tf.engine().state;
  const fault: Fault = {
    found: "a tf.variable, which no optimizer of the training knows: it would never learn",
    expected: "parameters that are declared",
    advice: 'Export learned("name", { form: { s: [] }, init: () => ({ s: tf.scalar(0) }), loss: ({ s }) => … }), or ' +
      "learnedWeights({ … }).",
  };
  if (variableNames().some((name) => !before.includes(name))) return fault;
  const variables = Object.values(registeredVariables).filter(({ trainable, isDisposed }) => trainable && !isDisposed);
  if (variables.length === 0) return null;
  return scope(() => {
    const { run, prediction } = prepared(term, small, small, firstKey);
    const { grads } = tf.engine().gradients(() => run(prediction), variables, undefined, true);
    return grads.some((gradient) => (gradient ?? null) !== null) ? fault : null;
  });
};

const weightFault = ({ weight }: Term): Fault | null => {
  const first: unknown = weight(0);
  const sound = typeof first === "number" && Number.isFinite(first);
  return sound ? null : { found: `a weight of ${String(first)} at the first step` };
};

/** Times L1 beyond which it is said that a loss outweighs all else. */
const many = 100;

/** What is worth saying of a loss that works: that it is many times as large as L1; null if there is nothing. */
const size = async (term: Term, { value }: Measured): Promise<string | null> => {
  const pixels = await valueOf({ ...term, loss: l1 }, small);
  const weight = Math.max(...[0, 1e6].map((step) => Math.abs(term.weight(step))));
  const times = Math.abs(value) * weight / pixels;
  return times > many
    ? `is ${Math.round(times)} times as large as L1 on a small example: scale(…) makes it smaller`
    : null;
};

/** What a trial has found. */
export interface Verdict {
  /** Why the loss is refused; null if it is not. */
  readonly fault: Fault | null;
  /** What is said of it; null for nothing. */
  readonly note: string | null;
}

const refused = (fault: Fault): Verdict => ({ fault, note: null });

/** Frees the variables that calls of a loss have made. */
const disposeNewVariables = (before: readonly string[]): void =>
  Object.entries(tf.engine().state.registeredVariables).forEach(([name, variable]) => {
    if (!before.includes(name)) variable.dispose();
  });

/**
 * Tries a term of an objective out on the open backend. What the loss itself throws is thrown.
 *
 * @param known The variables of TensorFlow.js that were there before the module of the loss was loaded.
 */
export const tryTerm = async (term: Term, known: readonly string[]): Promise<Verdict> => {
  const made = variableNames();
  try {
    const early = weightFault(term) ?? unformed(term) ?? scalarFault(term);
    if (early !== null) return refused(early);
    const measured = await measuredOrFault(term);
    if (isFault(measured)) return refused(measured);
    const late = infinite(measured) ?? variableFault(term, known) ?? idleParameter(term) ??
      await unsteady(term, measured) ?? await leaking(term) ?? await flat(term, measured) ??
      await countsHoles(term, measured) ?? await seesOrder(term, measured);
    return late === null ? { fault: null, note: await size(term, measured) } : refused(late);
  } finally {
    disposeNewVariables(made);
  }
};
