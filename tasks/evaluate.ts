import { describeSkipped } from "../lib/data/split.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import type { Failure } from "../lib/errors.ts";
import type { Configuration, DataConfiguration } from "../lib/experiment/configuration.ts";
import { evaluateData, evaluationJson, evaluationTable } from "../lib/experiment/evaluation.ts";
import { clippingNotes } from "../lib/experiment/evaluation_notes.ts";
import { configuredProtocol, protocolFor } from "../lib/experiment/evaluation_protocol.ts";
import { writeJson } from "../lib/experiment/files.ts";
import { writeText } from "../lib/formats/files.ts";
import { describeProtocol, isProtocolName, type Protocol, protocolNames, protocols } from "../lib/metrics/protocols.ts";
import { imageTable } from "../lib/metrics/summary.ts";
import type { Evaluation } from "../lib/train/evaluate.ts";
import { type Arguments, type Command, commonFlags, unlessAbsent } from "./arguments.ts";
import { main } from "./main.ts";
import { loadSeen, seenFlags, type SeenNetwork, withSeenData } from "./seen.ts";

const command: Command = {
  name: "evaluate",
  summary: "Evaluates a depth network on the test split of its configuration's data, or of another folder.",
  flags: [
    ...commonFlags,
    ...seenFlags,
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

/** By which protocol the command line asks for predictions to be compared, or else the configuration. */
const askedProtocol = (args: Arguments, { evaluation }: Configuration): Protocol => {
  const name = args.flag("protocol") ?? "";
  return isProtocolName(name) ? protocols[name] : configuredProtocol(evaluation);
};

/** Whether data are those of the network's own training, of which that has measured the range. */
const isTrainedOn = (args: Arguments, configuration: Configuration, data: DataConfiguration): boolean =>
  args.flag("config") === undefined && JSON.stringify(data) === JSON.stringify(configuration.data);

/** Evaluates the network by the protocol of the command line, or that of its configuration. */
const evaluate = (
  args: Arguments,
  { trained: { configuration, predict, farthest }, seen }: SeenNetwork,
): TaskEither<Failure, Evaluation> =>
  withSeenData(
    args,
    seen,
    (opened) =>
      pipe(
        protocolFor(
          askedProtocol(args, configuration),
          opened,
          args.listener,
          isTrainedOn(args, configuration, seen.data) ? farthest : null,
        ),
        TE.chain(({ protocol }) => evaluateData(opened, predict, protocol, args.listener)),
      ),
  );

const print = (evaluation: Evaluation): void => {
  const { protocol, sum: { images, withoutTruth, pixels }, unreadable, framesPerSecond } = evaluation;
  console.log(`\n${describeProtocol(protocol)}\n\n${evaluationTable([["CLIFFNet", evaluation]])}\n`);
  const left = withoutTruth === 0 ? "" : `, ${withoutTruth} images without any left out`;
  console.log(`${images} images, ${pixels.count} valid pixels${left}, ${framesPerSecond.toFixed(2)} frames a second`);
  clippingNotes([["CLIFFNet", evaluation]]).forEach((note) => console.log(note));
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
