import { objectiveOf } from "../lib/config/compose.ts";
import type { Configuration, GeneratorName, TermConfiguration } from "../lib/config/configuration.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Embedding } from "../lib/embedding/embedding.ts";
import type { Failure } from "../lib/errors.ts";
import { hierarchical } from "../lib/loss/hierarchical.ts";
import { pixelLosses } from "../lib/loss/named_losses.ts";
import type { Objective } from "../lib/loss/objective.ts";
import type { Explained, ExplainedTerm } from "../lib/train/explain.ts";
import { loadLoss } from "./custom_loss.ts";
import type { ReadyGenerator } from "./explained_generators.ts";

type Embeddings = Readonly<Partial<Record<GeneratorName, Embedding>>>;

const embeddingsOf = (generators: readonly ReadyGenerator[]): Embeddings =>
  Object.fromEntries(generators.map(({ name, embedding }) => [name, embedding]));

/** The weights w₁ … w_K that a term has for the levels of a generator; none if it is made of another one. */
const weightsIn = (term: TermConfiguration, { name, usual }: ReadyGenerator): readonly number[] => {
  if (term.kind === "hierarchical") return term.generator === name ? term.weights.slice(1) : [];
  return usual.find(({ kind }) => kind === term.kind)?.weights.slice(1) ?? [];
};

/** What the mean of each level is multiplied by at a step, from the first level on; nothing if it is not in the loss. */
const levelWeights = (
  generator: ReadyGenerator,
  terms: readonly TermConfiguration[],
  embeddings: Embeddings,
  step: number,
): readonly number[] =>
  terms.reduce<readonly number[]>((sums, term) => {
    const factor = objectiveOf([term], embeddings)[0]?.weight(step) ?? 0;
    const own = weightsIn(term, generator).map((weight) => weight * factor);
    return Array.from({ length: Math.max(sums.length, own.length) }, (_, at) => (sums[at] ?? 0) + (own[at] ?? 0));
  }, []);

const titleIn = (generators: readonly ReadyGenerator[], name: string): string => {
  const titles = new Map([
    ...Object.entries(pixelLosses).map(([kind, { title }]) => [kind, title] as const),
    ...generators.map(({ name, title }) => [name, title] as const),
  ]);
  return titles.get(name) ?? name;
};

/** The terms of an objective that count at a step, by their names in pictures. */
const trainedTerms = (
  objective: Objective,
  generators: readonly ReadyGenerator[],
  step: number,
): readonly ExplainedTerm[] =>
  objective.map(({ name, weight, loss }) => ({
    name: titleIn(generators, name),
    trained: true,
    weight: weight(step),
    loss,
  })).filter(({ weight }) => weight !== 0);

/** L1 and the usual losses of the generators, as far as the run did not train with them, for comparison. */
const otherTerms = (
  generators: readonly ReadyGenerator[],
  trained: readonly ExplainedTerm[],
): readonly ExplainedTerm[] =>
  [
    { name: pixelLosses.l1.title, loss: pixelLosses.l1.loss },
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
  embeddings: Embeddings,
): TaskEither<Failure, Objective> => lossFile === "" ? TE.right(objectiveOf(loss, embeddings)) : loadLoss(lossFile);

/**
 * The generators with the weights of a run's loss at the end of its training, and the losses of the run, with L1 and the
 * other generators for comparison. Errors: those of loading a loss file.
 */
export const explainedLosses = (
  configuration: Configuration,
  generators: readonly ReadyGenerator[],
): TaskEither<Failure, Explained> => {
  const { loss, lossFile, training: { steps } } = configuration;
  const embeddings = embeddingsOf(generators);
  const terms = lossFile === "" ? loss : [];
  return pipe(
    objectiveFor(configuration, embeddings),
    TE.map((objective) => {
      const trained = trainedTerms(objective, generators, steps);
      return {
        generators: generators.map((generator) => ({
          name: generator.title,
          unit: generator.unit,
          embedding: generator.embedding,
          weights: levelWeights(generator, terms, embeddings, steps),
        })),
        terms: [...trained, ...otherTerms(generators, trained)],
      };
    }),
  );
};
