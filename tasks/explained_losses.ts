import { objectiveOf } from "../lib/config/compose.ts";
import type { Configuration, GeneratorName, TermConfiguration } from "../lib/config/configuration.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Embedding } from "../lib/embedding/embedding.ts";
import type { Failure } from "../lib/errors.ts";
import { hierarchical } from "../lib/loss/hierarchical.ts";
import type { Objective } from "../lib/loss/objective.ts";
import { l1 } from "../lib/loss/pixel.ts";
import type { Explained, ExplainedTerm } from "../lib/train/explain.ts";
import { loadLoss } from "./custom_loss.ts";
import type { ReadyGenerator } from "./explained_generators.ts";

type Embeddings = Readonly<Partial<Record<GeneratorName, Embedding>>>;

const embeddingsOf = (generators: readonly ReadyGenerator[]): Embeddings =>
  Object.fromEntries(generators.map(({ name, embedding }) => [name, embedding]));

/** What the mean of each level is multiplied by at a step, from the first level on; nothing if it is not in the loss. */
const levelWeights = (
  { name }: ReadyGenerator,
  terms: readonly TermConfiguration[],
  embeddings: Embeddings,
  step: number,
): readonly number[] =>
  terms.reduce<readonly number[]>((sums, term) => {
    if (term.kind !== "hierarchical" || term.generator !== name) return sums;
    const factor = objectiveOf([term], embeddings)[0]?.weight(step) ?? 0;
    const own = term.weights.slice(1).map((weight) => weight * factor);
    return Array.from({ length: Math.max(sums.length, own.length) }, (_, at) => (sums[at] ?? 0) + (own[at] ?? 0));
  }, []);

/** The terms of an objective that count at a step, by their names in pictures. */
const trainedTerms = (
  objective: Objective,
  generators: readonly ReadyGenerator[],
  step: number,
): readonly ExplainedTerm[] =>
  objective.map(({ name, weight, loss }) => ({
    name: generators.find((generator) => generator.name === name)?.title ?? name.replace(/^l(?=\d$)/, "L"),
    trained: true,
    weight: weight(step),
    loss,
  })).filter(({ weight }) => weight !== 0);

/** L1 and every generator that the run did not train with, with the published weights, for comparison. */
const otherTerms = (
  generators: readonly ReadyGenerator[],
  trained: readonly ExplainedTerm[],
): readonly ExplainedTerm[] =>
  [
    { name: "L1", loss: l1 },
    ...generators.map(({ title, embedding, usualWeights }) => ({
      name: title,
      loss: hierarchical(embedding, usualWeights),
    })),
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
