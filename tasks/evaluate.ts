import { withFolder } from "../lib/config/data.ts";
import { emptySplit } from "../lib/data/split.ts";
import { describeSkipped } from "../lib/data/unreadable.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { writeText } from "../lib/formats/files.ts";
import { describeProtocol } from "../lib/metrics/describe_protocol.ts";
import { imageTable } from "../lib/metrics/metric_table.ts";
import type { Protocol } from "../lib/metrics/protocol.ts";
import { protocols } from "../lib/metrics/protocols.ts";
import type { Evaluation } from "../lib/train/evaluate.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { located, withData } from "./context.ts";
import { main } from "./main.ts";
import { configuredProtocol, evaluateWithPictures, evaluationJson, evaluationTable, writeJson } from "./results.ts";
import { checkpointFlag, loadTrained, type TrainedNetwork } from "./trained_network.ts";

const names = Object.keys(protocols);

const command: Command = {
  name: "evaluate",
  summary: "Evaluates a depth network on the test split of its configuration's data, or of another folder.",
  flags: [
    ...commonFlags,
    checkpointFlag,
    { name: "data", value: "DIR", help: "the folder of the data set" },
    { name: "protocol", value: "NAME", help: `${names.join(", ")}; the configuration's by default`, allowed: names },
    { name: "csv", value: "FILE", help: "writes the metrics of each image as CSV" },
    { name: "json", value: "FILE", help: "writes the metrics, the protocol and the sums as JSON" },
  ],
};

const nothingValid = (where: string, size: number, { name }: Protocol): Failure =>
  failure(
    "data",
    where,
    `${size} test images, none with a pixel that counts by the protocol ${name}`,
    "ground truth in the protocol's range and crop",
    "Check the unit of the depth files, or choose another protocol.",
  );

/** Evaluates the network by the protocol of the command line, or that of its configuration. */
const evaluate = (args: Arguments, { configuration, predict }: TrainedNetwork): TaskEither<Failure, Evaluation> => {
  const folder = args.flag("data");
  const protocol = protocols[args.flag("protocol") ?? ""] ?? configuredProtocol(configuration.evaluation);
  return pipe(
    folder === undefined || args.flag("config") !== undefined
      ? TE.right(configuration.data)
      : TE.fromEither(withFolder(configuration.data, located(folder))),
    TE.chain((data) =>
      withData(
        args,
        data,
        ({ original: { name, test }, onUnreadable }) =>
          test.size === 0 ? TE.left(emptySplit("test")) : pipe(
            evaluateWithPictures(test, predict, protocol, 0, onUnreadable),
            TE.map(({ evaluation }) => evaluation),
            TE.filterOrElse(({ sum }) => sum.images > 0, () => nothingValid(name, test.size, protocol)),
          ),
      )
    ),
  );
};

const show = (evaluation: Evaluation): void => {
  const { protocol, sum: { images, withoutTruth, pixels }, unreadable, framesPerSecond } = evaluation;
  console.log(`\n${describeProtocol(protocol)}\n\n${evaluationTable([["CLIFFNet", evaluation]])}\n`);
  const left = withoutTruth === 0 ? "" : `, ${withoutTruth} images without any left out`;
  console.log(`${images} images, ${pixels.count} valid pixels${left}, ${framesPerSecond.toFixed(2)} frames a second`);
  if (unreadable.length > 0) console.log(describeSkipped(unreadable));
};

const unlessAbsent = (
  file: string | undefined,
  write: (path: string) => TaskEither<Failure, void>,
): TaskEither<Failure, void> => file === undefined ? TE.right(undefined) : write(file);

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const evaluated = await evaluate(args, trained.right)();
  if (E.isLeft(evaluated)) return evaluated;
  const evaluation = evaluated.right;
  show(evaluation);
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
