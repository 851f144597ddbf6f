import type { Device } from "../lib/backend/device.ts";
import type { Configuration } from "../lib/config/configuration.ts";
import type { Split } from "../lib/data/dataset.ts";
import { remember } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { evaluateSplit } from "../lib/train/evaluate.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { configurationOf, type Data, describeSkipped, openBackend, stem, withData } from "./context.ts";
import { openLog } from "./log_file.ts";
import { main } from "./main.ts";
import { pretrainOrLoad } from "../lib/experiment/pretraining.ts";
import { aloud } from "./progress.ts";
import {
  configuredProtocol,
  constantPredictor,
  evaluationJson,
  evaluationTable,
  sumJson,
  trainingConstant,
  writeJson,
  writePictures,
} from "./results.ts";
import { type Run, type RunResult, trainAndEvaluate } from "./training.ts";

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

/** Evaluates the best constant depth, and writes and prints the results beside it. */
const report =
  (run: Run, test: Split, { illustrated, generators }: RunResult): TaskEither<Failure, void> => async () => {
    const { configuration: { evaluation, data: { height, width } }, data, device, out } = run;
    const metres = await trainingConstant(data.resized.train)();
    if (E.isLeft(metres)) return metres;
    const protocol = configuredProtocol(evaluation);
    const predict = constantPredictor(metres.right);
    const constant = await evaluateSplit(test, predict, protocol, () => {}, data.onUnreadable)();
    if (E.isLeft(constant)) return constant;
    const { evaluation: own } = illustrated;
    if (own.unreadable.length > 0) console.log(describeSkipped(own.unreadable));
    const constantLabel = `constant ${metres.right.toFixed(2)} m`;
    console.log(`\n${evaluationTable([["CLIFFNet", own], [constantLabel, constant.right]])}\n`);
    const metrics = {
      network: evaluationJson(own),
      constant: { metres: metres.right, ...sumJson(constant.right) },
      generators: Object.fromEntries(generators.map(({ generator, report }) => [generator, report])),
      input: { height, width },
      backend: { name: device.backend, adapter: device.adapter },
    };
    return await pipe(
      writeJson(`${out}/metrics.json`, metrics),
      TE.chain(() => writePictures(`${out}/pictures`, illustrated)),
      TE.map(() => console.log(whatIsWhere(out, evaluation.pictures))),
    )();
  };

const trainAndReport = (
  device: Device,
  configuration: Configuration,
  data: Data,
  out: string,
): TaskEither<Failure, void> =>
async () => {
  const log = await openLog(out)();
  if (E.isLeft(log)) return log;
  const setting = { device, configuration, data, log: log.right, out, telling: aloud };
  const run: Run = { ...setting, generatorOf: pretrainOrLoad, keepEvery: 0, interrupted: null };
  // The network and the constant are evaluated on the same samples: decoded or rendered once.
  const test = remember(data.measured.test);
  return await pipe(trainAndEvaluate(run, test), TE.chain((result) => report(run, test, result)))();
};

const train = (args: Arguments): TaskEither<Failure, void> => async () => {
  const file = args.flag("config") ?? "configs/quickstart.jsonc";
  const out = args.flag("out") ?? `runs/${stem(file)}`;
  const read = await configurationOf(args, file)();
  if (E.isLeft(read)) return read;
  const configuration = read.right;
  const device = await openBackend(args)();
  if (E.isLeft(device)) return device;
  return await withData(
    args,
    configuration.data,
    (data) => trainAndReport(device.right, configuration, data, out),
  )();
};

await main(command, train);
