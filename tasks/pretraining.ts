import type { Device } from "../lib/backend/device.ts";
import type { AugmentConfiguration, Configuration, GeneratorName } from "../lib/config/configuration.ts";
import type { Sample } from "../lib/data/sample.ts";
import type { Dataset } from "../lib/data/dataset.ts";
import { stepSamples } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Embedding, frozen } from "../lib/embedding/embedding.ts";
import { reconstructionStages, reconstructor } from "../lib/embedding/reconstruction.ts";
import { sceneClassifier, sceneStages } from "../lib/embedding/scene.ts";
import type { EmbeddingStages } from "../lib/embedding/stages.ts";
import { type Failure, failure } from "../lib/errors.ts";
import type { Variables } from "../lib/nn/layer.ts";
import { fold, keyOf } from "../lib/tensor/key.ts";
import { type Branch, disposeTree } from "../lib/tensor/tree.ts";
import { reconstructionBatch, sceneBatch } from "../lib/train/batches.ts";
import { type Checkpoint, readCheckpoint, saveCheckpoint } from "../lib/train/checkpoint.ts";
import { reconstructionError, sceneAccuracy } from "../lib/train/evaluate_generators.ts";
import type { Learner } from "../lib/train/learner.ts";
import { reconstructionLearner, sceneLearner } from "../lib/train/learners.ts";
import { restoreVariables } from "../lib/weights/restore.ts";
import type { Data } from "./context.ts";
import type { LogFile } from "./log_file.ts";
import { runTraining } from "./training_run.ts";

/** How depth maps are changed for pretraining. */
const mirrorOnly: AugmentConfiguration = { mirror: true, jitter: 0, rotation: 0, scale: 1 };

/** What pretraining needs to know. */
export interface Pretraining {
  readonly device: Device;
  readonly configuration: Configuration;
  readonly data: Data;
  readonly log: LogFile;
  /** The folder of the run. */
  readonly out: string;
}

/** A pretrained generator: its stages' variables, which the caller owns, and how well it does its pretext task. */
export interface Pretrained {
  readonly generator: GeneratorName;
  readonly checkpoint: string;
  readonly stages: Variables<Branch, Branch>;
  readonly report: Readonly<Record<string, number>>;
}

/** The name of a generator in the paper. */
export const titleOf = (generator: GeneratorName): string => generator === "scene" ? "HEG-S" : "HEG-R";

/** The variables of the stages apart from those of the head or decoder, which are disposed. */
const stagesOf = ({ params, statistics }: Variables<WithStages, WithStages>): Variables<Branch, Branch> => {
  const { stages: stageParams, ...otherParams } = params;
  const { stages: stageStatistics, ...otherStatistics } = statistics;
  disposeTree(otherParams);
  disposeTree(otherStatistics);
  return { params: stageParams, statistics: stageStatistics };
};

const noLabels = (dataset: Dataset): Failure =>
  failure(
    "data",
    dataset.name,
    `${dataset.scenes.length} scene labels`,
    "at least 2, for HEG-S learns to tell scenes apart",
    "Fill the column scene, or use the reconstruction generator alone.",
  );

/** What tells one kind of pretraining from the other. */
interface PretextTask<B extends Branch, P extends Branch, S extends Branch> {
  readonly learner: Learner<B, P, S>;
  readonly batchOf: (samples: readonly Sample[]) => E.Either<Failure, B>;
  readonly evaluate: (variables: Variables<P, S>) => TaskEither<Failure, Readonly<Record<string, number>>>;
}

type WithStages = { readonly stages: Branch };

const pretrainOn = <B extends Branch, P extends WithStages & Branch, S extends WithStages & Branch>(
  { device, configuration, data, log, out }: Pretraining,
  generator: GeneratorName,
  { learner, batchOf, evaluate }: PretextTask<B, P, S>,
): TaskEither<Failure, Pretrained> => {
  const dataset = data.resized;
  const { steps, batch, optim } = configuration.generators[generator];
  const key = fold(keyOf(configuration.seed), generator);
  const changed = data.changed(mirrorOnly);
  const samplesAt = stepSamples(changed, dataset.train, key, batch);
  const checkpoint = `${out}/heg-${generator}.safetensors`;
  const info = { kind: generator, configuration: JSON.stringify(configuration), scenes: dataset.scenes };
  const label = titleOf(generator);
  return pipe(
    runTraining({ label, device, learner, optim, steps, key, samplesAt, batchOf, log: log.write(generator) }),
    TE.chainFirst((state) => saveCheckpoint(checkpoint, state, info)),
    TE.chain((state) =>
      pipe(
        evaluate(state.variables),
        TE.map((report): Pretrained => {
          disposeTree(state.optimizer);
          return { generator, checkpoint, stages: stagesOf(state.variables), report };
        }),
      )
    ),
  );
};

const pretrainScene = (setting: Pretraining): TaskEither<Failure, Pretrained> => {
  const { data: { resized: dataset }, configuration } = setting;
  if (dataset.scenes.length < 2) return TE.left(noLabels(dataset));
  const classifier = sceneClassifier(configuration.generators.scene.widths, dataset.scenes.length);
  return pretrainOn(setting, "scene", {
    learner: sceneLearner(classifier),
    batchOf: sceneBatch(dataset.scenes),
    evaluate: (variables) =>
      pipe(sceneAccuracy(classifier, variables, dataset.scenes, dataset.test), TE.map((report) => ({ ...report }))),
  });
};

const pretrainReconstruction = (setting: Pretraining): TaskEither<Failure, Pretrained> => {
  const { data: { resized: dataset }, configuration } = setting;
  const network = reconstructor(configuration.generators.reconstruction.widths);
  return pretrainOn(setting, "reconstruction", {
    learner: reconstructionLearner(network),
    batchOf: (samples) => E.right(reconstructionBatch(samples)),
    evaluate: (variables) =>
      pipe(reconstructionError(network, variables, dataset.test), TE.map((report) => ({ ...report }))),
  });
};

/** Pretrains a generator and writes its checkpoint to the folder of the run. */
export const pretrain = (setting: Pretraining, generator: GeneratorName): TaskEither<Failure, Pretrained> =>
  generator === "scene" ? pretrainScene(setting) : pretrainReconstruction(setting);

/** The stages of a generator, which embed depth maps. */
export const stagesLayer = (generator: GeneratorName, widths: readonly number[]): EmbeddingStages =>
  generator === "scene" ? sceneStages(widths) : reconstructionStages(widths);

const otherKind = (checkpoint: Checkpoint, generator: GeneratorName): Failure =>
  failure("checkpoint", checkpoint.path, `a checkpoint of kind "${checkpoint.kind}"`, `one of kind "${generator}"`);

const loadPretrained = (
  generator: GeneratorName,
  path: string,
  widths: readonly number[],
): TaskEither<Failure, Pretrained> =>
  pipe(
    readCheckpoint(path),
    TE.filterOrElse(({ kind }) => kind === generator, (checkpoint) => otherKind(checkpoint, generator)),
    TE.chain(({ weights }) => {
      if (weights.leftOut.length > 0) console.log(`${path}: left out are ${weights.leftOut.join(", ")}`);
      return restoreVariables<Branch, Branch>(weights, stagesLayer(generator, widths), "stages");
    }),
    TE.map((stages): Pretrained => ({ generator, checkpoint: path, stages, report: {} })),
  );

/** Pretrains a generator, or loads the one that the configuration names. */
export const pretrainOrLoad = (setting: Pretraining, generator: GeneratorName): TaskEither<Failure, Pretrained> => {
  const { checkpoint, widths } = setting.configuration.generators[generator];
  return checkpoint === "" ? pretrain(setting, generator) : loadPretrained(generator, checkpoint, widths);
};

/** The embedding of a pretrained generator: its first `levels` stages, the others are not computed. */
export const embeddingOf = ({ generator, stages }: Pretrained, widths: readonly number[], levels: number): Embedding =>
  frozen(stagesLayer(generator, widths.slice(0, levels)), stages);

/** How well a generator does its pretext task, as a sentence. */
export const describeReport = ({ generator, checkpoint, report }: Pretrained): string => {
  const { accuracy, mostFrequent, error, ofMean } = report;
  if (accuracy !== undefined && mostFrequent !== undefined) {
    const shares = [accuracy, mostFrequent].map((share) => `${(100 * share).toFixed(0)} %`);
    return `HEG-S recognizes ${shares[0]} of the test scenes (the most frequent scene: ${shares[1]})`;
  }
  if (error !== undefined && ofMean !== undefined) {
    return `HEG-R reconstructs test depth to ${error.toFixed(3)} m (the mean depth: ${ofMean.toFixed(3)} m)`;
  }
  return `${titleOf(generator)} from ${checkpoint}`;
};
