import { describeSkipped } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import { configuredProtocol, evaluateData, evaluationJson, evaluationTable } from "../lib/experiment/evaluation.ts";
import { writeJson } from "../lib/experiment/files.ts";
import { writeText } from "../lib/formats/files.ts";
import { describeProtocol, isProtocolName, protocolNames, protocols } from "../lib/metrics/protocols.ts";
import { imageTable } from "../lib/metrics/summary.ts";
import type { Evaluation } from "../lib/train/evaluate.ts";
import { type Arguments, type Command, commonFlags, unlessAbsent } from "./arguments.ts";
import { withData } from "./context.ts";
import { main } from "./main.ts";
import { checkpointFlag } from "./network.ts";
import { loadSeen, otherDataFlag, type SeenNetwork } from "./seen.ts";

const command: Command = {
  name: "evaluate",
  summary: "Evaluates a depth network on the test split of its configuration's data, or of another folder.",
  flags: [
    ...commonFlags,
    checkpointFlag,
    otherDataFlag,
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
const evaluate = (
  args: Arguments,
  { trained: { configuration, predict }, seen: { data, purpose } }: SeenNetwork,
): TaskEither<Failure, Evaluation> => {
  const name = args.flag("protocol") ?? "";
  const protocol = isProtocolName(name) ? protocols[name] : configuredProtocol(configuration.evaluation);
  return withData(args, data, (opened) => evaluateData(opened, predict, protocol, args.listener), purpose);
};

const print = (evaluation: Evaluation): void => {
  const { protocol, sum: { images, withoutTruth, pixels }, unreadable, framesPerSecond } = evaluation;
  console.log(`\n${describeProtocol(protocol)}\n\n${evaluationTable([["CLIFFNet", evaluation]])}\n`);
  const left = withoutTruth === 0 ? "" : `, ${withoutTruth} images without any left out`;
  console.log(`${images} images, ${pixels.count} valid pixels${left}, ${framesPerSecond.toFixed(2)} frames a second`);
  if (unreadable.length > 0) console.log(describeSkipped(unreadable));
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const seen = await loadSeen(args)();
  if (E.isLeft(seen)) return seen;
  const evaluated = await evaluate(args, seen.right)();
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
