import type { Device } from "../lib/backend/device.ts";
import { generatorsOf, networkOf, objectiveOf } from "../lib/config/compose.ts";
import type { FusionName } from "../lib/cliffnet/fusion.ts";
import type { CliffNetParams, DepthNetwork } from "../lib/cliffnet/network.ts";
import type { Configuration, GeneratorName } from "../lib/config/configuration.ts";
import { remember, stepSamples } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Embedding } from "../lib/embedding/embedding.ts";
import type { Failure } from "../lib/errors.ts";
import type { Objective } from "../lib/loss/objective.ts";
import { fold, keyOf } from "../lib/tensor/key.ts";
import { type Branch, countParameters } from "../lib/tensor/tree.ts";
import { depthBatch } from "../lib/train/batches.ts";
import { saveCheckpoint } from "../lib/train/checkpoint.ts";
import { evaluateSplit } from "../lib/train/evaluate.ts";
import { depthLearner } from "../lib/train/learners.ts";
import { type Predictor, predictor } from "../lib/train/predict.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { configurationOf, type Data, describeSkipped, openBackend, stem, withData } from "./context.ts";
import { loadLoss } from "./custom_loss.ts";
import { type LogFile, openLog } from "./log_file.ts";
import { main } from "./main.ts";
import { describeReport, embeddingOf, type Pretrained, pretrainOrLoad } from "./pretraining.ts";
import {
  configuredProtocol,
  constantPredictor,
  evaluateWithPictures,
  evaluationJson,
  evaluationTable,
  sumJson,
  trainingConstant,
  writeJson,
  writePictures,
} from "./results.ts";
import { pretrainedBackbone } from "./pretrained_backbone.ts";
import { runTraining } from "./training_run.ts";

const command: Command = {
  name: "train",
  summary: "Pretrains the embedding generators that the loss needs, trains a depth network, and evaluates it.",
  flags: [
    ...commonFlags,
    { name: "data", value: "DIR", help: "the folder of the data set" },
    { name: "out", value: "DIR", help: "the folder of the run, runs/NAME of the configuration by default" },
    { name: "seed", value: "N", help: "the seed of all randomness" },
    { name: "loss", value: "FILE.ts", help: "a module whose default export is the loss" },
  ],
};

/** What all parts of the run share. */
interface Run {
  readonly device: Device;
  readonly configuration: Configuration;
  readonly data: Data;
  readonly log: LogFile;
  readonly out: string;
}

const neededGenerators = ({ loss, lossFile }: Configuration): readonly GeneratorName[] =>
  lossFile === "" ? generatorsOf(loss) : [];

/** Pretrains or loads every generator that the loss needs, one after the other. */
const prepareGenerators = (run: Run): TaskEither<Failure, readonly Pretrained[]> =>
  TE.sequenceSeqArray(
    neededGenerators(run.configuration).map((generator) =>
      pipe(
        pretrainOrLoad(run, generator),
        TE.map((pretrained) => {
          console.log(describeReport(pretrained));
          return pretrained;
        }),
      )
    ),
  );

const levelsOf = ({ loss }: Configuration, generator: GeneratorName): number =>
  Math.max(
    ...loss.map((term) => term.kind === "hierarchical" && term.generator === generator ? term.weights.length - 1 : 0),
  );

const configuredObjective = (configuration: Configuration, generators: readonly Pretrained[]): Objective => {
  const embeddings: Partial<Record<GeneratorName, Embedding>> = Object.fromEntries(generators.map((pretrained) => {
    const { generator } = pretrained;
    const { widths } = configuration.generators[generator];
    return [generator, embeddingOf(pretrained, widths, levelsOf(configuration, generator))];
  }));
  return objectiveOf(configuration.loss, embeddings);
};

const objectiveFor = (
  configuration: Configuration,
  generators: readonly Pretrained[],
): TaskEither<Failure, Objective> =>
  configuration.lossFile === ""
    ? TE.right(configuredObjective(configuration, generators))
    : loadLoss(configuration.lossFile);

const describeSize = (params: CliffNetParams<Branch>, fusion: FusionName): string => {
  const [all, ofFusion] = [params, params.estimator.fusion].map((tree) => countParameters(tree).toLocaleString("en"));
  return `CLIFFNet has ${all} parameters, ${ofFusion} of them in its fusion "${fusion}"`;
};

/** The state after training, as far as what follows needs it, saved to the folder of the run. */
const trainNetwork = (run: Run, network: DepthNetwork, objective: Objective): TaskEither<Failure, Predictor> => {
  const { device, configuration, data, log, out } = run;
  const { training, optim, seed } = configuration;
  const key = fold(keyOf(seed), "depth");
  const changed = data.changed(configuration.augment);
  const samplesAt = stepSamples(changed, data.resized.train, key, training.batch);
  const info = { kind: "depth", configuration: JSON.stringify(configuration), scenes: data.measured.scenes } as const;
  return pipe(
    runTraining({
      label: "CLIFFNet",
      device,
      learner: depthLearner(network, objective),
      optim,
      steps: training.steps,
      key,
      samplesAt,
      batchOf: (samples) => E.right(depthBatch(samples)),
      log: log.write("depth"),
    }),
    TE.chainFirst((state) => saveCheckpoint(`${out}/checkpoint.safetensors`, state, info)),
    TE.map(({ variables }) => {
      console.log(describeSize(variables.params, configuration.network.fusion));
      return predictor(network, variables, configuration.data.height, configuration.data.width);
    }),
  );
};

const whatIsWhere = (out: string, pictures: number): string =>
  [
    `${out}/checkpoint.safetensors  the network, for evaluate and predict`,
    ...(pictures === 0
      ? []
      : [`${out}/pictures/overview.png   input, ground truth, prediction and error of test samples`]),
    `${out}/metrics.json            the table above`,
    `${out}/log.jsonl               every step`,
    `${out}/config.json             the configuration as resolved`,
  ].join("\n");

/** Evaluates the network and the best constant depth, and writes and prints the results. */
const report =
  (run: Run, predict: Predictor, generators: readonly Pretrained[]): TaskEither<Failure, void> => async () => {
    const { configuration: { evaluation, data }, out } = run;
    // The network and the constant are evaluated on the same samples: decoded or rendered once.
    const test = remember(run.data.measured.test);
    const protocol = configuredProtocol(evaluation);
    const network = await evaluateWithPictures(test, predict, protocol, evaluation.pictures, run.data.onUnreadable)();
    if (E.isLeft(network)) return network;
    const metres = await trainingConstant(run.data.resized.train)();
    if (E.isLeft(metres)) return metres;
    const constant = await evaluateSplit(
      test,
      constantPredictor(metres.right),
      protocol,
      () => {},
      run.data.onUnreadable,
    )();
    if (E.isLeft(constant)) return constant;
    const { evaluation: own } = network.right;
    if (own.unreadable.length > 0) console.log(describeSkipped(own.unreadable));
    const constantLabel = `constant ${metres.right.toFixed(2)} m`;
    console.log(`\n${evaluationTable([["CLIFFNet", own], [constantLabel, constant.right]])}\n`);
    const metrics = {
      network: evaluationJson(own),
      constant: { metres: metres.right, ...sumJson(constant.right) },
      generators: Object.fromEntries(generators.map(({ generator, report }) => [generator, report])),
      input: { height: data.height, width: data.width },
      backend: { name: run.device.backend, adapter: run.device.adapter },
    };
    return await pipe(
      writeJson(`${out}/metrics.json`, metrics),
      TE.chain(() => writePictures(`${out}/pictures`, network.right)),
      TE.map(() => console.log(whatIsWhere(out, evaluation.pictures))),
    )();
  };

const trainAndReport = (run: Run, network: DepthNetwork): TaskEither<Failure, void> =>
  pipe(
    writeJson(`${run.out}/config.json`, run.configuration),
    TE.chain(() => prepareGenerators(run)),
    TE.chain((generators) =>
      pipe(
        objectiveFor(run.configuration, generators),
        TE.chain((objective) => trainNetwork(run, network, objective)),
        TE.chain((predict) => report(run, predict, generators)),
      )
    ),
  );

const train = (args: Arguments): TaskEither<Failure, void> => async () => {
  const file = args.flag("config") ?? "configs/quickstart.jsonc";
  const out = args.flag("out") ?? `runs/${stem(file)}`;
  const read = await configurationOf(args, file)();
  if (E.isLeft(read)) return read;
  const configuration = read.right;
  const device = await openBackend(args)();
  if (E.isLeft(device)) return device;
  return await withData(args, configuration.data, (data) => async () => {
    const log = openLog(out);
    if (E.isLeft(log)) return log;
    const network = await pretrainedBackbone(networkOf(configuration), configuration.backbone)();
    if (E.isLeft(network)) return network;
    return await trainAndReport({ device: device.right, configuration, data, log: log.right, out }, network.right)();
  })();
};

await main(command, train);
