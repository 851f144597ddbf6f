import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import type { GeneratorName } from "../embedding/generators.ts";
import { type Failure, failure } from "../errors.ts";
import { hierarchical } from "../loss/hierarchical.ts";
import { learnedPartsOf } from "../loss/learned.ts";
import { type Objective, paramsOf } from "../loss/objective.ts";
import type { Loss } from "../loss/loss.ts";
import { hierarchyOf, loadPixelLoss, pixelLosses, pixelLossNamed } from "../loss/pixel_losses.ts";
import type { Branch } from "../tensor/tree.ts";
import { readCheckpoint } from "../train/checkpoint.ts";
import type { Explained, ExplainedTerm } from "../train/explain.ts";
import { objectivePart, restoreTree } from "../weights/restore.ts";
import { objectiveOf } from "./compose.ts";
import type { Configuration, TermConfiguration } from "./configuration.ts";
import type { ReadyGenerator } from "./explained_generators.ts";
import { loadLoss } from "./loss_file.ts";

type Embeddings = Readonly<Partial<Record<GeneratorName, Embedding>>>;

const embeddingsOf = (generators: readonly ReadyGenerator[]): Embeddings =>
  Object.fromEntries(generators.map(({ name, embedding }) => [name, embedding]));

/** The weights w₁ … w_K that a term has for the levels of a generator; none if it is made of another one. */
const weightsIn = (term: TermConfiguration, { name }: ReadyGenerator): readonly number[] => {
  const hierarchy = term.kind === "hierarchical" ? term : hierarchyOf(term.kind, term);
  return hierarchy?.generator === name ? hierarchy.weights.slice(1) : [];
};

/** What the mean of each level is multiplied by, from the first level on; a level that has no weight has 0. */
const levelWeights = (
  generator: ReadyGenerator,
  terms: readonly (readonly [term: TermConfiguration, weight: number])[],
): readonly number[] =>
  terms.reduce<readonly number[]>((sums, [term, factor]) => {
    const own = weightsIn(term, generator).map((weight) => weight * factor);
    return Array.from({ length: Math.max(sums.length, own.length) }, (_, at) => (sums[at] ?? 0) + (own[at] ?? 0));
  }, []);

const titleIn = (generators: readonly ReadyGenerator[], name: string): string => {
  const titles = new Map([
    ...pixelLosses.map(({ name, title }) => [name, title] as const),
    ...generators.map(({ name, title }) => [name, title] as const),
  ]);
  return titles.get(name) ?? name;
};

/** The terms of an objective that count at a step, by their names in pictures. */
const trainedTerms = (
  objective: Objective,
  generators: readonly ReadyGenerator[],
  step: number,
  learned: Branch,
): readonly ExplainedTerm[] =>
  objective.map((term) => ({
    name: titleIn(generators, term.name),
    trained: true,
    weight: term.weight(step),
    loss: term.loss,
    ...(term.learns === undefined ? {} : { params: paramsOf(learned, term.name) }),
  })).filter(({ weight }) => weight !== 0);

/** L1 and the usual losses of the generators, as far as the run did not train with them, for comparison. */
const otherTerms = (
  l1: Loss,
  generators: readonly ReadyGenerator[],
  trained: readonly ExplainedTerm[],
): readonly ExplainedTerm[] =>
  [
    { name: pixelLossNamed("l1").title, loss: l1 },
    ...generators.flatMap(({ title, embedding, usual }) =>
      usual.filter((_, index) => index > 0 || !trained.some(({ name }) => name === title)).map((one) => ({
        name: one.title,
        loss: hierarchical(embedding, one.weights),
      }))
    ),
  ].filter(({ name }) => !trained.some((term) => term.name === name)).map((term) => ({
    ...term,
    trained: false,
    weight: 1,
  }));

const objectiveFor = (
  { loss, lossFile }: Configuration,
  generators: readonly ReadyGenerator[],
): TaskEither<Failure, Objective> =>
  lossFile === "" ? TE.fromTask(() => objectiveOf(loss, embeddingsOf(generators))) : loadLoss(lossFile);

/** The terms of a configuration with their weights at a step; none for a loss of one's own, whose levels nobody knows. */
const configuredTerms = (
  { loss, lossFile }: Configuration,
  objective: Objective,
  step: number,
): readonly (readonly [TermConfiguration, number])[] =>
  lossFile !== "" ? [] : objective.flatMap(({ weight }, at): readonly (readonly [TermConfiguration, number])[] => {
    const term = loss[at];
    return term === undefined ? [] : [[term, weight(step)]];
  });

/** What the terms of an objective have learned, from the checkpoint of the run; nothing where none of them learns. */
const learnedIn = (checkpoint: string, objective: Objective): TaskEither<Failure, Branch> =>
  objective.every(({ learns }) => learns === undefined) ? TE.right({}) : pipe(
    readCheckpoint(checkpoint),
    TE.chain(({ weights }) => restoreTree<Branch>(weights, objectivePart, learnedPartsOf(objective).form.params)),
  );

/**
 * A configuration whose loss file is the one that its user names, "" for none. What a checkpoint names is never loaded for
 * that alone: it would run a file of a stranger's choice.
 *
 * Errors: "configuration" for a loss file that nobody but the configuration names.
 * @category Experiments
 */
export const withNamedLoss = (configuration: Configuration, lossFile: string): Either<Failure, Configuration> =>
  lossFile === "" && configuration.lossFile !== ""
    ? E.left(failure(
      "configuration",
      "field lossFile",
      `${configuration.lossFile}, which only the checkpoint names: no code is run for that`,
      "the loss file of the training, named by you",
      "Look at the file, then name it by --loss FILE.ts (the argument lossFile in scripts).",
    ))
    : E.right({ ...configuration, lossFile });

/**
 * The generators with the weights of a run's loss at the end of its training, and the losses of the run, with L1 and the
 * other generators for comparison. The generators stay their owner's; what terms have learned is the caller's. Errors:
 * those of {@link withNamedLoss}, of loading a loss file, and of reading what it has learned.
 *
 * @param checkpoint The path of the run's checkpoint, which holds what its loss has learned.
 * @param lossFile The run's loss file, if it has one: only what is named here is loaded.
 * @category Experiments
 */
export const explainedLosses = (
  described: Configuration,
  generators: readonly ReadyGenerator[],
  checkpoint = "",
  lossFile = "",
): TaskEither<Failure, Explained> =>
async () => {
  const named = withNamedLoss(described, lossFile);
  if (E.isLeft(named)) return named;
  const configuration = named.right;
  const { steps } = configuration.training;
  const made = await objectiveFor(configuration, generators)();
  if (E.isLeft(made)) return made;
  const objective = made.right;
  const learned = await learnedIn(checkpoint, objective)();
  if (E.isLeft(learned)) return learned;
  const terms = configuredTerms(configuration, objective, steps);
  const trained = trainedTerms(objective, generators, steps, learned.right);
  return E.right({
    step: steps,
    generators: generators.map((generator) => ({
      name: generator.title,
      unit: generator.unit,
      embedding: generator.embedding,
      weights: levelWeights(generator, terms),
    })),
    terms: [...trained, ...otherTerms(await loadPixelLoss("l1"), generators, trained)],
  });
};
