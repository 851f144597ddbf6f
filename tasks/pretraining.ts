import type { GeneratorName } from "../lib/config/configuration.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Embedding, frozen } from "../lib/embedding/embedding.ts";
import { reconstructionStages } from "../lib/embedding/reconstruction.ts";
import { sceneStages } from "../lib/embedding/scene.ts";
import type { EmbeddingStages } from "../lib/embedding/stages.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Branch } from "../lib/tensor/tree.ts";
import { type Checkpoint, readCheckpoint } from "../lib/train/checkpoint.ts";
import { restoreVariables } from "../lib/weights/restore.ts";
import { generatorTitles } from "./generator_titles.ts";
import { type Pretrained, pretrainImage, type Pretraining, pretrainReconstruction, pretrainScene } from "./pretext.ts";
import type { Telling } from "./progress.ts";
import { drawRandom } from "./random_generator.ts";

export type { Pretrained, Pretraining } from "./pretext.ts";

/** The name of a generator in the paper. */
export const titleOf = (generator: GeneratorName): string => generatorTitles[generator];

const makers: Readonly<Record<GeneratorName, (setting: Pretraining) => TaskEither<Failure, Pretrained>>> = {
  scene: pretrainScene,
  reconstruction: pretrainReconstruction,
  image: pretrainImage,
  random: drawRandom,
};

/** Pretrains a generator, or draws a random one, and writes its checkpoint to the folder of the run. */
export const pretrain = (setting: Pretraining, generator: GeneratorName): TaskEither<Failure, Pretrained> =>
  makers[generator](setting);

/** The stages of a generator, which embed depth maps. */
export const stagesLayer = (generator: GeneratorName, widths: readonly number[]): EmbeddingStages =>
  generator === "reconstruction" ? reconstructionStages(widths) : sceneStages(widths);

const otherKind = (checkpoint: Checkpoint, generator: GeneratorName): Failure =>
  failure("checkpoint", checkpoint.path, `a checkpoint of kind "${checkpoint.kind}"`, `one of kind "${generator}"`);

const loadPretrained = (
  generator: GeneratorName,
  path: string,
  widths: readonly number[],
  say: Telling["say"],
): TaskEither<Failure, Pretrained> =>
  pipe(
    readCheckpoint(path),
    TE.filterOrElse(({ kind }) => kind === generator, (checkpoint) => otherKind(checkpoint, generator)),
    TE.chain(({ weights }) => {
      if (weights.leftOut.length > 0) say(`${path}: left out are ${weights.leftOut.join(", ")}`);
      return restoreVariables<Branch, Branch>(weights, stagesLayer(generator, widths), "stages");
    }),
    TE.map((stages): Pretrained => ({ generator, checkpoint: path, stages, report: {} })),
  );

/** Pretrains a generator, or loads the one that the configuration names. */
export const pretrainOrLoad = (setting: Pretraining, generator: GeneratorName): TaskEither<Failure, Pretrained> => {
  const { checkpoint, widths } = setting.configuration.generators[generator];
  return checkpoint === ""
    ? pretrain(setting, generator)
    : loadPretrained(generator, checkpoint, widths, setting.telling.say);
};

/** The embedding of a pretrained generator: its first `levels` stages, the others are not computed. */
export const embeddingOf = ({ generator, stages }: Pretrained, widths: readonly number[], levels: number): Embedding =>
  frozen(stagesLayer(generator, widths.slice(0, levels)), stages);

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** How well a generator does its pretext task, as a sentence. */
export const describeReport = ({ generator, checkpoint, report }: Pretrained): string => {
  const { accuracy, mostFrequent, error, ofMean, batches } = report;
  const title = titleOf(generator);
  if ([accuracy, error].some(Number.isNaN)) return `${title} was not tested: the test split has no sample`;
  if (accuracy !== undefined && mostFrequent !== undefined) {
    return `${title} recognizes ${percent(accuracy)} of the test scenes (the most frequent scene: ${
      percent(mostFrequent)
    })`;
  }
  if (error !== undefined && ofMean !== undefined) {
    return `${title} reconstructs test depth to ${error.toFixed(3)} m (the mean depth: ${ofMean.toFixed(3)} m)`;
  }
  return batches === undefined
    ? `${title} from ${checkpoint}`
    : `${title} has learned nothing; its batch norms have tracked ${batches} batches`;
};
