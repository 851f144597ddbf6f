/** A loss of one's own is the default export of a module. It is tried out, and what it throws is told with its line. */
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { attempt, type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { type Loss, withTraits } from "../loss/loss.ts";
import { learnedPartsOf } from "../loss/learned.ts";
import { type LearnedPart, named, type Objective, type Term } from "../loss/objective.ts";
import type { Fault, Verdict } from "./loss_trial.ts";
import { guardedBy, importModule, type Tell, thrownIn } from "../modules/own_module.ts";
import { firstLine, watched } from "../modules/user_code.ts";

const unfit = (where: string, name: string, { found, expected, advice }: Fault): Failure =>
  failure(
    "script",
    `${where}, loss "${name}"`,
    found,
    expected ??
      "a finite scalar tensor that depends on the prediction, from target, prediction and mask, all (batch, height, width, 1)",
    advice,
  );

/** What the loss of a name threw, at its line. */
const toldOf = (name: string): Tell => (where, found) => unfit(where, name, { found });

/** What `run` gives; where the user's code throws, a `FailureError` is thrown that names its line. */
const guard = <A>(path: string, name: string, run: () => A): A => guardedBy(path, toldOf(name), run);

/** What a term learns, whose functions are guarded. */
const guardedPart = (path: string, name: string, part: LearnedPart): LearnedPart => {
  const { form, init, weight } = part;
  return {
    form,
    init: (key) => guard(path, name, () => init(key)),
    ...(weight === undefined ? {} : { weight: (params) => guard(path, name, () => weight(params)) }),
  };
};

/** The term, whose loss and weight are guarded. */
const guarded = (path: string, term: Term): Term => {
  const { name, weight, loss, learns } = term;
  return {
    name,
    ...(learns === undefined ? {} : { learns: guardedPart(path, name, learns) }),
    weight: (step) => guard(path, name, () => weight(step)),
    loss: withTraits<Loss>((...given) => guard(path, name, () => loss(...given)), loss),
  };
};

const isTerms = (value: unknown): value is Objective =>
  Array.isArray(value) && value.length > 0 &&
  value.every((term) =>
    typeof term === "object" && term !== null && typeof term.name === "string" && typeof term.weight === "function" &&
    typeof term.loss === "function" && ["undefined", "object"].includes(typeof term.learns)
  );

const isLoss = (value: unknown): value is Loss => typeof value === "function";

const objectiveFrom = (path: string, exported: unknown): Either<Failure, Objective> => {
  if (isTerms(exported)) {
    return E.tryCatch(() => {
      learnedPartsOf(exported);
      return exported;
    }, (reason) => failure("script", path, firstLine(reason), "another name for each term that learns"));
  }
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

/** Tries a loss out before hours of training: what is wrong in it is then said in its own file's name. */
const judged = (
  path: string,
  name: string,
  trial: () => Promise<Verdict>,
  say: (message: string) => void,
): TaskEither<Failure, void> =>
  pipe(
    attempt(trial, (reason) => {
      const problem = thrownIn(path, toldOf(name), reason, import.meta.url);
      if (problem === null) throw reason;
      return problem;
    }),
    TE.chain(({ fault, note }) => {
      if (fault !== null) return TE.left(unfit(path, name, fault));
      if (note !== null) say(`${path}, loss "${name}" ${note}`);
      return TE.right(undefined);
    }),
  );

/**
 * The user's own loss: the default export of a module, a loss or an objective. Needs an open backend, on which it is tried
 * out. What it throws later, in training, is a {@link FailureError} of kind "script".
 *
 * Errors: "file" if the module cannot be loaded, "script" if it exports something else, its loss does not pass the trial,
 * or it leaves a rejected promise that nobody waits for.
 *
 * @param say Told what is odd of a loss, but no reason to refuse it; nobody by default.
 * @category Experiments
 */
export const loadLoss = (
  path: string,
  say: (message: string) => void = () => {},
): TaskEither<Failure, Objective> => {
  const load = pipe(
    readText(path, "settings"),
    // What tries losses out is loaded by those who have one.
    TE.chainTaskK(() => () => import("./loss_trial.ts")),
    TE.chain(({ tryTerm, variableNames }) => {
      const known = variableNames();
      return pipe(
        importModule(path),
        TE.chainEitherK((module) => objectiveFrom(path, module.default)),
        TE.map((objective) => objective.map((term) => guarded(path, term))),
        TE.chainFirst((objective) =>
          TE.sequenceSeqArray(objective.map((term) => judged(path, term.name, () => tryTerm(term, known), say)))
        ),
      );
    }),
  );
  return () => watched<Objective>(path, ({ rejected }) => Promise.race([load(), rejected]));
};
