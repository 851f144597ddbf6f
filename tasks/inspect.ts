import type { Dataset } from "../lib/data/dataset.ts";
import { surveyJson, surveyTable } from "../lib/data/survey.ts";
import { pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { writeJson } from "../lib/experiment/files.ts";
import { checkReadable, inspectDataset, type Inspection } from "../lib/experiment/inspection.ts";
import { writeBytes } from "../lib/formats/files.ts";
import { encodeRgbPng } from "../lib/formats/png.ts";
import { type Arguments, type Command, unlessAbsent } from "./arguments.ts";
import { withData } from "./context.ts";
import { dataFlags, dataOf } from "./data_arguments.ts";
import { main } from "./main.ts";

const command: Command = {
  name: "inspect",
  summary: "Reads all of a data set and tells what is in it. Ends with status 1 if a sample cannot be read.",
  operands: "DATA",
  operandsArePaths: true,
  flags: [
    ...dataFlags,
    { name: "json", value: "FILE", path: "whole", help: "writes what was found as JSON" },
    { name: "picture", value: "FILE", path: "whole", help: "writes some images beside their depth as one PNG" },
    { name: "pictures", value: "N", help: "how many of each split the picture shows, 6 by default" },
  ],
};

const picturesOf = (args: Arguments): TaskEither<Failure, number> => {
  const given = args.flag("pictures") ?? "6";
  return /^\d{1,3}$/.test(given)
    ? TE.right(args.flag("picture") === undefined ? 0 : Number(given))
    : TE.left(failure("usage", "--pictures", `"${given}"`, "how many samples of each split are shown: 0 to 999"));
};

const report = (args: Arguments, dataset: Dataset, { splits, picture }: Inspection): TaskEither<Failure, void> => {
  const { name } = dataset;
  console.log(surveyTable(name, splits));
  return pipe(
    unlessAbsent(args.flag("json"), (path) => writeJson(path, surveyJson(dataset, splits))),
    TE.chain(() =>
      unlessAbsent(
        args.flag("picture"),
        (path) => picture === null ? TE.right(undefined) : writeBytes(path, encodeRgbPng(picture)),
      )
    ),
    TE.chainEitherK(() => checkReadable(name, splits)),
  );
};

const run = (args: Arguments): TaskEither<Failure, void> =>
  pipe(
    picturesOf(args),
    TE.chain((pictures) =>
      pipe(
        dataOf(args),
        TE.chain((data) =>
          withData(args, data, ({ original }) =>
            pipe(
              inspectDataset(original, pictures, args.listener),
              TE.chain((inspection) => report(args, original, inspection)),
            ))
        ),
      )
    ),
  );

await main(command, run);
