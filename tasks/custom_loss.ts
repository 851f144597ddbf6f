import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { type Failure, failure, reasonText } from "../lib/errors.ts";
import { readText } from "../lib/formats/files.ts";
import type { Loss } from "../lib/loss/loss.ts";
import { named, type Objective } from "../lib/loss/objective.ts";
import { asFeatures, validMask } from "../lib/tensor/features.ts";
import { resolve, toFileUrl } from "./std.ts";

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
      "configuration",
      path,
      `a default export of type ${exported === undefined ? "nothing" : typeof exported}`,
      "a loss, (target, prediction, mask) => scalar, or an objective made of such by named, scale, warmup and sum",
    ),
  );
};

const unfit = (path: string, name: string, found: string): Failure =>
  failure(
    "configuration",
    `${path}, loss "${name}"`,
    found,
    "a finite scalar tensor that depends on the prediction, from target, prediction and mask, all (batch, height, width, 1)",
  );

/** A loss and its gradient on two small depth maps with holes. Throws for what is no scalar that depends on the prediction. */
const tryOut = (loss: Loss): readonly tf.Tensor[] =>
  tf.tidy(() => {
    const target = asFeatures(1, tf.tensor4d(Array.from({ length: 128 }, (_, at) => at % 7), [2, 8, 8, 1]));
    const prediction = tf.fill<tf.Rank.R4>([2, 8, 8, 1], 2);
    const mask = validMask(target);
    const value: unknown = loss(target, asFeatures(1, prediction), mask);
    if (!(value instanceof tf.Tensor)) throw new Error(`a loss that returns ${typeof value}, not a tensor`);
    if (value.rank !== 0) throw new Error(`a loss that returns a tensor of shape [${value.shape.join(", ")}]`);
    return [value, tf.grad((x) => loss(target, asFeatures(1, x), mask))(prediction)];
  });

const checkFinite = async ([value, gradient]: readonly tf.Tensor[]): Promise<void> => {
  const numbersOf = async (tensor: tf.Tensor | undefined) => tensor === undefined ? [] : [...await tensor.data()];
  const [values, slopes] = [await numbersOf(value), await numbersOf(gradient)];
  const bad = values.find((each) => !Number.isFinite(each));
  if (bad !== undefined) throw new Error(`a loss that is ${bad} where depths are 0…6 m and 0 is a hole`);
  const steep = slopes.find((each) => !Number.isFinite(each));
  if (steep !== undefined) throw new Error(`a loss whose gradient is ${steep} where depths are 0…6 m and 0 is a hole`);
};

const tried = (path: string) => ({ name, loss }: Objective[number]): TaskEither<Failure, void> =>
  TE.tryCatch(
    async () => {
      const tensors = tryOut(loss);
      await checkFinite(tensors).finally(() => tf.dispose([...tensors]));
    },
    (error) => unfit(path, name, reasonText(error).split("\n")[0] ?? ""),
  );

/** Tries each loss out before hours of training: what is wrong in it is then said in its own file's name. */
const checked = (path: string, objective: Objective): TaskEither<Failure, Objective> =>
  pipe(TE.sequenceSeqArray(objective.map(tried(path))), TE.map(() => objective));

type LossModule = { readonly default?: unknown };

const importModule = (path: string): TaskEither<Failure, LossModule> =>
  TE.tryCatch(
    async (): Promise<LossModule> => await import(toFileUrl(resolve(path)).href),
    (reason) => failure("file", path, reasonText(reason).split("\n")[0] ?? "", "a TypeScript module that loads"),
  );

/**
 * The user's own loss: the default export of a module, a loss or an objective. Needs an open backend, on which it is tried
 * out.
 *
 * Errors: "file" if the module cannot be loaded, "configuration" if it exports something else or its loss does not work.
 */
export const loadLoss = (path: string): TaskEither<Failure, Objective> =>
  pipe(
    readText(path),
    TE.chain(() => importModule(path)),
    TE.chainEitherK((module) => objectiveFrom(path, module.default)),
    TE.chain((objective) => checked(path, objective)),
  );
