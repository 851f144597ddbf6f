import { type CliffNet, cliffNetOn } from "../cliffnet/network.ts";
import { preprocess } from "../cliffnet/preprocessing.ts";
import { resNetOfWidth } from "../cliffnet/backbone.ts";
import { pipe } from "../dependencies/fp.ts";
import type { Embedding } from "../embedding/embedding.ts";
import { sobel } from "../embedding/sobel.ts";
import { hierarchical } from "../loss/hierarchical.ts";
import { pixelLosses } from "../loss/named_losses.ts";
import { delay, named, type Objective, scale, sum, warmup } from "../loss/objective.ts";
import { ramp, type Schedule, stepwise, times } from "../loss/schedule.ts";
import { compose } from "../nn/layer.ts";
import { adam } from "../optim/adam.ts";
import { clipByGlobalNorm, inSequence, type Transformation } from "../optim/transformation.ts";
import type { Configuration, GeneratorName, OptimConfiguration, TermConfiguration } from "./configuration.ts";

/** The network of a configuration, from pictures (R, G, B, 0…1) to depth in metres. */
export const networkOf = (
  { backbone: { layers, width, strideOn, preprocessing }, network: { features, initialDepth } }: Pick<
    Configuration,
    "backbone" | "network"
  >,
): CliffNet => {
  const { backbone, channels } = resNetOfWidth(layers, width, strideOn);
  return compose(preprocess(preprocessing), cliffNetOn(backbone, channels, features, initialDepth));
};

/** The learning rate at each step. */
export const learningRateOf = ({ lr, milestones, factor, warmup }: OptimConfiguration): Schedule =>
  times(stepwise(lr, milestones, factor), (step) => ramp(warmup)(step + 1));

/** Adam with decay and, if the configuration bounds the gradients, clipping. */
export const optimizerOf = (configuration: OptimConfiguration): Transformation => {
  const step = adam(learningRateOf(configuration), configuration.decay);
  return configuration.clip === 0 ? step : inSequence("clipped", [clipByGlobalNorm(configuration.clip), step]);
};

/** The pretrained generators that an objective needs. */
export const generatorsOf = (terms: readonly TermConfiguration[]): readonly GeneratorName[] => {
  const wanted = terms.flatMap((term) =>
    term.kind === "hierarchical" && term.generator !== "sobel" ? [term.generator] : []
  );
  return [...new Set(wanted)];
};

const objectiveOfTerm = (
  term: TermConfiguration,
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Objective => {
  if (term.kind !== "hierarchical") return named(term.kind, pixelLosses[term.kind].loss);
  const embedding = term.generator === "sobel" ? sobel : embeddings[term.generator];
  if (embedding === undefined) throw new Error(`the generator "${term.generator}" was not given`);
  return named(term.generator, hierarchical(embedding, term.weights));
};

/** What a configuration minimizes. @throws Error if a generator of {@link generatorsOf} is not given. */
export const objectiveOf = (
  terms: readonly TermConfiguration[],
  embeddings: Readonly<Partial<Record<GeneratorName, Embedding>>>,
): Objective =>
  sum(...terms.map((term) =>
    pipe(
      objectiveOfTerm(term, embeddings),
      scale(term.weight),
      warmup(term.warmup),
      delay(term.kind === "hierarchical" ? term.delay : 0),
    )
  ));
