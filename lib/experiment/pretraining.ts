/** Generators are made before the depth network trains: each by what its record says of it, all in one way. */
import type { Device } from "../backend/device.ts";
import type { Dataset } from "../data/dataset.ts";
import { allIndices, type AugmentedRead, sampleBatches, subsetOf, subsetRead } from "../data/split.ts";
import { depthTensor, fillHolesWithNearest } from "../data/tensors.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { trackStatistics } from "../embedding/data_passes.ts";
import { type Embedding, type EmbeddingStages, frozen } from "../embedding/embedding.ts";
import type { GeneratorReport, GeneratorSettings, MadeStages, TrainPretext } from "../embedding/generator.ts";
import { describeGenerator, type GeneratorName, generatorNamed } from "../embedding/generators.ts";
import { type Failure, settled } from "../errors.ts";
import type { Variables } from "../nn/layer.ts";
import { foldIn, type Key, keyOf } from "../tensor/key.ts";
import { makeAll } from "../tensor/scope.ts";
import { type Branch, disposeTree } from "../tensor/tree.ts";
import { saveCheckpoint } from "../train/checkpoint.ts";
import { fit } from "../train/fit.ts";
import { lettingThrough, type Listener, withProgress } from "../train/listener.ts";
import type { StepRecord } from "../train/loop.ts";
import { optimizerOf } from "./compose.ts";
import type { AugmentConfiguration, Configuration } from "./configuration.ts";
import { settingsOf, storedStages } from "./generator_file.ts";

/** What pretraining needs to know.
 * @category Experiments */
export interface Pretraining {
  /** The device that computes. */
  readonly device: Device;
  /** The configuration of the run, with the settings of its generators. */
  readonly configuration: Configuration;
  /** The data at the network's input size, and their training samples changed at random. */
  readonly data: {
    readonly resized: Dataset;
    readonly augmented: (augment: AugmentConfiguration) => AugmentedRead;
  };
  /** Told of every step, under the name of the generator. */
  readonly log: { readonly write: (phase: string) => (record: StepRecord) => Either<Failure, void> };
  /** The folder of the run. */
  readonly out: string;
  /** Told how it goes. */
  readonly listener: Listener;
}

/** A generator that is ready to embed, and how well it does its pretext task.
 * @category Experiments */
export interface Pretrained {
  /** Which generator. */
  readonly generator: GeneratorName;
  /** Its file. */
  readonly checkpoint: string;
  /** The variables of its stages, which the caller owns. */
  readonly stages: Variables<Branch, Branch>;
  /** Its first levels, as many as are asked for: the others are not computed. */
  readonly embedding: (levels: number) => Embedding;
  /** Measures by name; none if it was read from a file. */
  readonly report: GeneratorReport;
}

/** Frees a generator.
 * @category Experiments */
export const disposePretrained = ({ stages: { params, statistics } }: Pick<Pretrained, "stages">): void =>
  [params, statistics].forEach(disposeTree);

/** How the samples of generators are changed. */
const mirrorOnly: AugmentConfiguration = { mirror: true, jitter: 0, rotation: 0, scale: 1 };

/** What all generators are made from alike. */
interface Ingredients {
  readonly title: string;
  readonly settings: GeneratorSettings;
  readonly key: Key;
  readonly samplesAt: ReturnType<typeof sampleBatches>;
  readonly checkpoint: string;
  readonly info: Parameters<typeof saveCheckpoint>[2];
}

const ingredientsOf = ({ configuration, data, out }: Pretraining, name: GeneratorName): Ingredients => {
  const settings: GeneratorSettings = settingsOf(configuration, name);
  const key = foldIn(keyOf(configuration.seed), name);
  return {
    title: generatorNamed(name).title,
    settings,
    key,
    samplesAt: sampleBatches(data.augmented(mirrorOnly), data.resized.train, key, settings.batch),
    checkpoint: `${out}/heg-${name}.safetensors`,
    info: { kind: name, configuration: JSON.stringify(configuration), scenes: data.resized.scenes },
  };
};

/** The variables of the stages apart from those of the head or decoder, which are disposed. */
const stagesOf = (
  { params, statistics }: Variables<{ readonly stages: Branch }, { readonly stages: Branch }>,
): Variables<Branch, Branch> => {
  const { stages: stageParams, ...otherParams } = params;
  const { stages: stageStatistics, ...otherStatistics } = statistics;
  disposeTree(otherParams);
  disposeTree(otherStatistics);
  return { params: stageParams, statistics: stageStatistics };
};

/** Trains a pretext task of the generator, and writes its checkpoint. */
const trainerFor =
  ({ device, data, log, listener }: Pretraining, name: GeneratorName, from: Ingredients): TrainPretext =>
  ({ learner, optim, trained = allIndices(data.resized.train), batchOf, evaluate }) =>
  async () => {
    const { title: label, settings: { steps, batch }, key, checkpoint, info } = from;
    const state = await fit(device, {
      ...{ label, learner, steps, batch, batchOf, listener },
      split: subsetOf(data.resized.train, trained),
      read: subsetRead(data.augmented(mirrorOnly), trained),
      seed: key,
      optimizer: optimizerOf(optim),
      log: log.write(name),
    })();
    if (E.isLeft(state)) return state;
    const { variables, optimizer } = state.right;
    const report = await pipe(saveCheckpoint(checkpoint, state.right, info), TE.chain(() => evaluate(variables)))();
    disposeTree(optimizer);
    const stages = stagesOf(variables);
    if (E.isLeft(report)) disposePretrained({ stages });
    return pipe(report, E.map((measures) => ({ stages, report: measures })));
  };

/**
 * The stages with weights as they are drawn from the seed, whose batch norms have tracked the training data's depth: they are
 * scaled as a trained generator's, so that nothing but the weights is random. Writes their checkpoint.
 */
const trackData = (
  { listener }: Pretraining,
  { title, settings: { steps }, key, samplesAt, checkpoint, info }: Ingredients,
  layer: EmbeddingStages,
): TaskEither<Failure, MadeStages> =>
async () => {
  const pause = lettingThrough();
  const tracked = await withProgress(listener.progress(title, steps), (update) => {
    const depthAt = (step: number) =>
      settled(pipe(
        samplesAt(step),
        TE.chainFirstTaskK(() => pause),
        TE.map((samples) => {
          update(step + 1, "statistics");
          return depthTensor(samples.map(({ depth }) => fillHolesWithNearest(depth)));
        }),
      ));
    return trackStatistics(layer, layer.init(foldIn(key, "init")), steps, depthAt)();
  });
  if (E.isLeft(tracked)) return tracked;
  const { params, statistics } = tracked.right;
  const variables = { params: { stages: params }, statistics: { stages: statistics } };
  const saved = await saveCheckpoint(checkpoint, { step: steps, key, variables, optimizer: {} }, info)();
  if (E.isLeft(saved)) disposePretrained({ stages: tracked.right });
  return pipe(saved, E.map(() => ({ stages: tracked.right, report: { batches: steps } })));
};

/** A generator whose first levels embed. */
const pretrainedOf = (
  generator: GeneratorName,
  checkpoint: string,
  layerOf: (widths: readonly number[]) => EmbeddingStages,
  widths: readonly number[],
  { stages, report }: MadeStages,
): Pretrained => ({
  generator,
  checkpoint,
  stages,
  embedding: (levels) => frozen(layerOf(widths.slice(0, levels)), stages),
  report,
});

/** Pretrains a generator, or draws a random one, and writes its checkpoint to the folder of the run.
 * @category Experiments */
export const pretrain = <N extends GeneratorName>(
  setting: Pretraining,
  name: N,
): TaskEither<Failure, Pretrained> => {
  const { configuration, data: { resized: dataset }, listener } = setting;
  const { height, width } = configuration.data;
  const { title, warnings, load } = generatorNamed(name);
  const settings = settingsOf(configuration, name);
  // As soon as it is asked for: whoever has several made hears of it before the first one has trained.
  warnings(settings, height, width).forEach((line) => listener.message(line));
  return async () => {
    const { stages, pretrain } = await load();
    const from = ingredientsOf(setting, name);
    const made = pretrain === null
      ? trackData(setting, from, stages(from.settings.widths))
      : pretrain({ title, settings, dataset, height, width }, trainerFor(setting, name, from));
    return await pipe(
      made,
      TE.map((each) => pretrainedOf(name, from.checkpoint, stages, from.settings.widths, each)),
    )();
  };
};

const loadPretrained = (
  name: GeneratorName,
  settings: GeneratorSettings,
  listener: Listener,
): TaskEither<Failure, Pretrained> =>
async () => {
  const { stages } = await generatorNamed(name).load();
  return await pipe(
    storedStages(name, settings, stages, listener),
    TE.map((variables) => {
      const made = { stages: variables, report: {} };
      return pretrainedOf(name, settings.checkpoint, stages, settings.widths, made);
    }),
  )();
};

/** Pretrains a generator, or loads the one that the configuration names.
 * @category Experiments */
export const pretrainOrLoad = (setting: Pretraining, name: GeneratorName): TaskEither<Failure, Pretrained> => {
  const settings: GeneratorSettings = settingsOf(setting.configuration, name);
  return settings.checkpoint === "" ? pretrain(setting, name) : loadPretrained(name, settings, setting.listener);
};

/** How well a generator does its pretext task, as a sentence.
 * @category Experiments */
export const describeReport = ({ generator, report, checkpoint }: Pretrained): string =>
  describeGenerator(generator, report, checkpoint);

/**
 * Makes or reads generators by `generatorOf`, one after the other, and tells how well each does its pretext task. The caller
 * owns them; if one fails, none is left.
 */
export const prepareGenerators = (
  setting: Pretraining,
  names: readonly GeneratorName[],
  generatorOf: (setting: Pretraining, name: GeneratorName) => TaskEither<Failure, Pretrained>,
): TaskEither<Failure, readonly Pretrained[]> => {
  const prepare = (name: GeneratorName): TaskEither<Failure, Pretrained> =>
    pipe(
      generatorOf(setting, name),
      TE.map((pretrained) => {
        setting.listener.message(describeReport(pretrained));
        return pretrained;
      }),
    );
  return makeAll(names.map(prepare), disposePretrained);
};
