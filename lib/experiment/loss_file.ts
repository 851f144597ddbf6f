/** A loss of one's own is the default export of a module. It is tried out, and what it throws is told with its line. */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { toFileUrl } from "../dependencies/text.ts";
import { attempt, causedBy, type Failure, failure, FailureError } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { named, type Objective, type Term } from "../loss/objective.ts";
import type { Loss } from "../loss/pixel.ts";
import { asFeatures, validMask } from "../tensor/features.ts";
import { describePlace, firstLine, placeOf, watched } from "./user_code.ts";

const unfit = (where: string, name: string, found: string): Failure =>
  failure(
    "script",
    `${where}, loss "${name}"`,
    found,
    "a finite scalar tensor that depends on the prediction, from target, prediction and mask, all (batch, height, width, 1)",
  );

/** What the user's code threw, as a failure at its line; null for a bug of the library or of a package. */
const thrownIn = (path: string, name: string, reason: unknown): Failure | null => {
  if (reason instanceof FailureError) return reason.failure;
  const place = placeOf(reason, import.meta.url);
  if (place === null && reason instanceof Error) return null;
  return pipe(unfit(describePlace(path, place), name, firstLine(reason)), causedBy(reason));
};

/** Runs with stacks so deep that they show the user's function below those of TensorFlow.js that it calls. */
const withDeepStacks = <A>(run: () => A): A => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
};

/** What `run` gives; where the user's code throws, a {@link FailureError} is thrown that names its line. */
const guard = <A>(path: string, name: string, run: () => A): A =>
  withDeepStacks(() => {
    try {
      return run();
    } catch (reason) {
      const problem = thrownIn(path, name, reason);
      throw problem === null ? reason : new FailureError(problem);
    }
  });

/** The term, whose loss and weight are guarded. */
const guarded = (path: string, { name, weight, loss }: Term): Term => ({
  name,
  weight: (step) => guard(path, name, () => weight(step)),
  loss: (target, prediction, mask) => guard(path, name, () => loss(target, prediction, mask)),
});

const isTerms = (value: unknown): value is Objective =>
  Array.isArray(value) && value.length > 0 &&
  value.every((term) =>
    typeof term === "object" && term !== null && typeof term.name === "string" && typeof term.weight === "function" &&
    typeof term.loss === "function"
  );

const isLoss = (value: unknown): value is Loss => typeof value === "function";

const objectiveFrom = (path: string, exported: unknown): Either<Failure, Objective> => {
  if (isTerms(exported)) return E.right(exported);
  if (isLoss(exported)) return E.right(named("custom", exported));
  return E.left(
    failure(
      "script",
      path,
      `a default export of type ${exported === undefined ? "nothing" : typeof exported}`,
      "a loss, (target, prediction, mask) => scalar, or an objective made of such by named, scale, warmup and sum",
    ),
  );
};

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

/** A loss and its gradient on two small depth maps with holes, or in words why it has none. */
const tryOut = (loss: Loss): string | { readonly value: tf.Tensor; readonly gradient: tf.Tensor } =>
  tf.tidy(() => {
    const target = asFeatures(1, tf.tensor4d(Array.from({ length: 128 }, (_, at) => at % 7), [2, 8, 8, 1]));
    const prediction = tf.fill<tf.Rank.R4>([2, 8, 8, 1], 2);
    const mask = validMask(target);
    const value = loss(target, asFeatures(1, prediction), mask);
    const wrong = wrongValue(value);
    if (wrong !== null) return wrong;
    try {
      return {
        value,
        gradient: withDeepStacks(() => tf.grad((x) => loss(target, asFeatures(1, x), mask))(prediction)),
      };
    } catch (reason) {
      // TensorFlow.js says so of a loss that does not depend on the prediction, or by what has no gradient.
      if (reason instanceof Error && reason.message.startsWith("Cannot compute gradient")) return firstLine(reason);
      throw reason;
    }
  });

const notFinite = async (tensor: tf.Tensor): Promise<number | undefined> =>
  [...await tensor.data()].find((each) => !Number.isFinite(each));

/** Why a term cannot be trained with, in words; null if it can. */
const faultOf = async ({ weight, loss }: Term): Promise<string | null> => {
  const first: unknown = weight(0);
  if (typeof first !== "number" || !Number.isFinite(first)) return `a weight of ${String(first)} at the first step`;
  const tried = tryOut(loss);
  if (typeof tried === "string") return tried;
  try {
    const bad = await notFinite(tried.value);
    if (bad !== undefined) return `a loss that is ${bad} where depths are 0…6 m and 0 is a hole`;
    const steep = await notFinite(tried.gradient);
    return steep === undefined ? null : `a loss whose gradient is ${steep} where depths are 0…6 m and 0 is a hole`;
  } finally {
    tf.dispose([tried.value, tried.gradient]);
  }
};

/** Tries a loss out before hours of training: what is wrong in it is then said in its own file's name. */
const tried = (path: string, term: Term): TaskEither<Failure, void> =>
  pipe(
    attempt(() => faultOf(term), (reason) => {
      const problem = thrownIn(path, term.name, reason);
      if (problem === null) throw reason;
      return problem;
    }),
    TE.chain((fault) => fault === null ? TE.right(undefined) : TE.left(unfit(path, term.name, fault))),
  );

type LossModule = { readonly default?: unknown };

const importModule = (path: string): TaskEither<Failure, LossModule> =>
  TE.tryCatch(
    async (): Promise<LossModule> => await import(toFileUrl(path).href),
    (reason) => {
      const where = describePlace(path, placeOf(reason));
      return pipe(failure("file", where, firstLine(reason), "a TypeScript module that loads"), causedBy(reason));
    },
  );

/**
 * The user's own loss: the default export of a module, a loss or an objective. Needs an open backend, on which it is tried
 * out. What it throws later, in training, is a {@link FailureError} of kind "script".
 *
 * Errors: "file" if the module cannot be loaded, "script" if it exports something else, its loss does not work,
 * or it leaves a rejected promise that nobody waits for.
 */
export const loadLoss = (path: string): TaskEither<Failure, Objective> => {
  const load = pipe(
    readText(path, "settings"),
    TE.chain(() => importModule(path)),
    TE.chainEitherK((module) => objectiveFrom(path, module.default)),
    TE.map((objective) => objective.map((term) => guarded(path, term))),
    TE.chainFirst((objective) => TE.sequenceSeqArray(objective.map((term) => tried(path, term)))),
  );
  return () => watched<Objective>(path, ({ rejected }) => Promise.race([load(), rejected]));
};
