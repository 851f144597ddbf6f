import { describeSkipped } from "../lib/data/split.ts";
import { E, type TaskEither } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { evaluationTable } from "../lib/experiment/evaluation.ts";
import { clippingNotes, learningNotes } from "../lib/experiment/evaluation_notes.ts";
import { type Experiment, runExperiment } from "../lib/experiment/experiment.ts";
import { stem } from "../lib/experiment/files.ts";
import { describeProtocol } from "../lib/metrics/protocols.ts";
import { type Arguments, type Command, commonFlags, freshFlag } from "./arguments.ts";
import { configurationOf, datasetFlag, readingOf } from "./context.ts";
import { main } from "./main.ts";
import { networkFlag, openBackend } from "./network.ts";

const command: Command = {
  name: "train",
  summary: "Pretrains the embedding generators that the loss needs, trains a depth network, and evaluates it.",
  flags: [
    ...commonFlags,
    { name: "data", value: "DIR", path: "whole", help: "the folder of the data set" },
    datasetFlag,
    networkFlag,
    {
      name: "out",
      value: "DIR",
      path: "whole",
      help: "the folder of the run, runs/NAME of the configuration by default",
    },
    freshFlag,
    { name: "seed", value: "N", help: "the seed of all randomness" },
    { name: "loss", value: "FILE.ts", path: "whole", help: "a module whose default export is the loss" },
    {
      name: "init",
      value: "FILE",
      path: "whole",
      help: "a checkpoint, of train or of PyTorch: training begins with what of it fits the network",
    },
    { name: "init-only", value: "PATTERN", help: 'which tensors of --init, by their paths, such as "backbone/**"' },
  ],
};

const whatIsWhere = (
  { checkpoint, pictures, metrics, log, configuration }: Experiment["paths"],
  drawn: number,
): string =>
  [
    `${checkpoint}  the network, for evaluate and predict`,
    ...(drawn === 0 ? [] : [`${pictures}/overview.png   input, ground truth, prediction and error of test samples`]),
    `${metrics}            the table above, and its protocol`,
    `${log}               every step`,
    `${configuration}             the configuration as resolved`,
  ].join("\n");

const print = ({ trained: { configuration }, evaluation, constant, paths }: Experiment): void => {
  if (evaluation.unreadable.length > 0) console.log(describeSkipped(evaluation.unreadable));
  const label = `constant ${constant.metres.toFixed(2)} m`;
  const rows = [["CLIFFNet", evaluation], [label, constant.evaluation]] as const;
  console.log(`\n${describeProtocol(evaluation.protocol)}\n\n${evaluationTable(rows)}\n`);
  const notes = [...clippingNotes(rows), ...learningNotes(evaluation, constant.evaluation)];
  if (notes.length > 0) console.log(`${notes.join("\n")}\n`);
  console.log(whatIsWhere(paths, configuration.evaluation.pictures));
};

const train = (args: Arguments): TaskEither<Failure, void> => async () => {
  const file = args.flag("config") ?? "configs/quickstart.jsonc";
  const out = args.flag("out") ?? `runs/${stem(file)}`;
  const fresh = args.switched(freshFlag.name);
  const configuration = await configurationOf(args, file)();
  if (E.isLeft(configuration)) return configuration;
  const device = await openBackend(args)();
  if (E.isLeft(device)) return device;
  const reading = readingOf(args);
  if (E.isLeft(reading)) return reading;
  const experiment = await runExperiment(configuration.right, { ...reading.right, device: device.right, out, fresh })();
  if (E.isLeft(experiment)) return experiment;
  print(experiment.right);
  return E.right(undefined);
};

await main(command, train);
