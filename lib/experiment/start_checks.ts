/**
 * What can be known of a run before it begins. A run fails for such a reason at its start, before anything is written, and
 * not after hours of training.
 */
import type { Split } from "../data/dataset.ts";
import type { OpenData } from "../data/open_data.ts";
import { emptySplit, subsetOf } from "../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { GeneratorName } from "../embedding/generators.ts";
import type { Failure } from "../errors.ts";
import { checkWritable } from "../formats/files.ts";
import { evaluateSplit } from "../train/evaluate.ts";
import { type Listener, silent } from "../train/listener.ts";
import type { Configuration } from "./configuration.ts";
import { decodeConfiguration } from "./configuration_file.ts";
import { checkDepth } from "./depth_check.ts";
import { constantPredictor } from "./evaluation.ts";
import { configuredProtocol } from "./evaluation_protocol.ts";
import { loadLoss } from "./loss_file.ts";
import { configuredNetwork } from "./network_module.ts";
import { checkGenerator } from "./generator_file.ts";
import { backboneFile } from "./pretrained_backbone.ts";

/** A run that is about to begin, on an open device. */
export interface Start {
  /** What it depends on. */
  readonly configuration: Configuration;
  /** Its data. */
  readonly data: OpenData;
  /** What it is evaluated on. */
  readonly test: Split;
  /** The generators that it makes or reads. */
  readonly generators: readonly GeneratorName[];
  /** The folder that it is going to write to. */
  readonly out: string;
  /** Told of what is no failure, but worth knowing. */
  readonly listener: Listener;
}

/** One thing that has to be right. */
export interface StartCheck {
  /** What it is, for people. */
  readonly description: string;
  /** Why it is not right. */
  readonly check: (start: Start) => TaskEither<Failure, void>;
}

const nothing = () => undefined;

const saneNumbers: StartCheck = {
  description: "The configuration is one that a file could hold: a script may have changed any of its numbers.",
  check: ({ configuration }) =>
    TE.fromEither(pipe(decodeConfiguration("the configuration", configuration), E.map(nothing))),
};

const writableFolder: StartCheck = {
  description: "Files can be written to the folder of the run.",
  check: ({ out }) => checkWritable(out),
};

const fittingGenerators: StartCheck = {
  description:
    "The files of generators are there and fit; those that learn scenes have labels, of two scenes at least.",
  check: (start) => {
    const { configuration, data, generators } = start;
    const checks = generators.map((name) => {
      const { checkpoint, batch } = configuration.generators[name];
      if (checkpoint === "") tellBatch(start, `generators.${name}.batch`, batch);
      return checkGenerator(configuration, data.resized, name);
    });
    return pipe(TE.sequenceSeqArray<void, Failure>(checks), TE.map(nothing));
  },
};

/** Says so where a batch is larger than the training split. */
const tellBatch = ({ data: { resized: { train } }, listener }: Start, field: string, batch: number): void => {
  if (batch <= train.size) return;
  listener.message(
    `${field} is ${batch}, more than the ${train.size} training samples: each step takes some repeatedly`,
  );
};

const trainingSamples: StartCheck = {
  description: "There are training samples, of which the first can be read.",
  check: ({ data: { resized: { train } } }) =>
    train.size === 0 ? TE.left(emptySplit("train")) : pipe(train.read(0), TE.map(nothing)),
};

const measuredDepth: StartCheck = {
  description:
    "A few training samples have measured depth at the network's size; it is told if that is little or strange.",
  check: ({ configuration, data, listener }) => checkDepth(data, configuration.data, listener),
};

const depthBatches: StartCheck = {
  description: "It is told if the training samples are fewer than a batch of the depth network.",
  check: (start) => TE.fromIO(() => tellBatch(start, "training.batch", start.configuration.training.batch)),
};

const testSamples: StartCheck = {
  description: "The first test sample can be read and compared by the protocol; it is told if there is none.",
  check: ({ configuration: { evaluation }, data: { onUnreadable }, test, listener }) => {
    if (test.size === 0) {
      listener.message("the test split has no sample: the network is trained, but not tested");
      return TE.right(undefined);
    }
    const first = subsetOf(test, [0]);
    const protocol = configuredProtocol(evaluation);
    return pipe(evaluateSplit(first, constantPredictor(1), protocol, nothing, onUnreadable), TE.map(nothing));
  },
};

const fittingBackbone: StartCheck = {
  description: "The file of backbone.weights is there and fits.",
  check: ({ configuration: { backbone } }) => pipe(backboneFile(backbone, silent), TE.map(nothing)),
};

const fittingInitial: StartCheck = {
  description: "The file of init.file is there, and something of it fits the network.",
  check: ({ configuration }) => async () => {
    if (configuration.init.file === "") return E.right(undefined);
    const { initialFile } = await import("./initial_weights.ts");
    return await pipe(
      configuredNetwork(configuration),
      TE.chain((network) => initialFile(network, configuration, silent)),
      TE.map(nothing),
    )();
  },
};

const soundNetwork: StartCheck = {
  description: "The file of a network of one's own loads, and the network passes its trial at the input's size.",
  check: ({ configuration }) => async () => {
    if (configuration.networkFile === "") return E.right(undefined);
    const { tryNetwork } = await import("./network_trial.ts");
    return await pipe(
      configuredNetwork(configuration),
      TE.chain((network) => tryNetwork(network, configuration)),
    )();
  },
};

const soundLoss: StartCheck = {
  description: "The file of a loss of one's own loads, and the loss passes its trial.",
  check: ({ configuration: { lossFile } }) =>
    lossFile === "" ? TE.right(undefined) : pipe(loadLoss(lossFile), TE.map(nothing)),
};

/** What has to be right before a generator is pretrained. */
export const pretrainingChecks: readonly StartCheck[] = [
  saneNumbers,
  writableFolder,
  trainingSamples,
  measuredDepth,
  fittingGenerators,
];

/** What has to be right before a depth network and the generators of its loss are trained. */
export const trainingChecks: readonly StartCheck[] = [
  saneNumbers,
  writableFolder,
  soundNetwork,
  fittingBackbone,
  fittingInitial,
  soundLoss,
  trainingSamples,
  measuredDepth,
  depthBatches,
  testSamples,
  fittingGenerators,
];

/** Makes checks one after the other. Errors: the first that fails. */
export const checkStart = (start: Start, checks: readonly StartCheck[]): TaskEither<Failure, void> => async () => {
  for (const { check } of checks) {
    const result = await check(start)();
    if (E.isLeft(result)) return result;
  }
  return E.right(undefined);
};
