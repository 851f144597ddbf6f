import { withFolder } from "../lib/data/open_dataset.ts";
import { describeSkipped } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { configuredProtocol, evaluateData, evaluationJson, evaluationTable } from "../lib/experiment/evaluation.ts";
import { located, writeJson } from "../lib/experiment/files.ts";
import type { TrainedNetwork } from "../lib/experiment/trained_network.ts";
import { writeText } from "../lib/formats/files.ts";
import { describeProtocol, isProtocolName, protocolNames, protocols } from "../lib/metrics/protocols.ts";
import { imageTable } from "../lib/metrics/summary.ts";
import type { Evaluation } from "../lib/train/evaluate.ts";
import { type Arguments, type Command, commonFlags, unlessAbsent } from "./arguments.ts";
import { withData } from "./context.ts";
import { main } from "./main.ts";
import { checkpointFlag, loadTrained } from "./network.ts";

const command: Command = {
  name: "evaluate",
  summary: "Evaluates a depth network on the test split of its configuration's data, or of another folder.",
  flags: [
    ...commonFlags,
    checkpointFlag,
    { name: "data", value: "DIR", path: "whole", help: "the folder of the data set" },
    {
      name: "protocol",
      value: "NAME",
      help: `${protocolNames.join(", ")}; the configuration's by default`,
      allowed: protocolNames,
    },
    { name: "csv", value: "FILE", path: "whole", help: "writes the metrics of each image as CSV" },
    { name: "json", value: "FILE", path: "whole", help: "writes the metrics, the protocol and the sums as JSON" },
  ],
};

/** Evaluates the network by the protocol of the command line, or that of its configuration. */
const evaluate = (args: Arguments, { configuration, predict }: TrainedNetwork): TaskEither<Failure, Evaluation> => {
  const folder = args.flag("data");
  const name = args.flag("protocol") ?? "";
  const protocol = isProtocolName(name) ? protocols[name] : configuredProtocol(configuration.evaluation);
  return pipe(
    folder === undefined || args.flag("config") !== undefined
      ? TE.right(configuration.data)
      : TE.fromEither(withFolder(configuration.data, located(folder))),
    TE.chain((data) => withData(args, data, (opened) => evaluateData(opened, predict, protocol, args.listener))),
  );
};

const print = (evaluation: Evaluation): void => {
  const { protocol, sum: { images, withoutTruth, pixels }, unreadable, framesPerSecond } = evaluation;
  console.log(`\n${describeProtocol(protocol)}\n\n${evaluationTable([["CLIFFNet", evaluation]])}\n`);
  const left = withoutTruth === 0 ? "" : `, ${withoutTruth} images without any left out`;
  console.log(`${images} images, ${pixels.count} valid pixels${left}, ${framesPerSecond.toFixed(2)} frames a second`);
  if (unreadable.length > 0) console.log(describeSkipped(unreadable));
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const evaluated = await evaluate(args, trained.right)();
  if (E.isLeft(evaluated)) return evaluated;
  const evaluation = evaluated.right;
  print(evaluation);
  const { protocol, sum, images } = evaluation;
  return await pipe(
    unlessAbsent(args.flag("csv"), (path) => writeText(path, imageTable(images))),
    TE.chain(() =>
      unlessAbsent(
        args.flag("json"),
        (path) => writeJson(path, { ...evaluationJson(evaluation), definition: protocol, sum }),
      )
    ),
  )();
};

await main(command, run);
