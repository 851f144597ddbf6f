import type { Split } from "../lib/data/dataset.ts";
import type { OpenData } from "../lib/data/open_data.ts";
import { prefetch } from "../lib/data/prefetch.ts";
import { joinSurveys, type Survey, surveyMonoid, surveyOf, surveyUnreadable } from "../lib/data/survey.ts";
import { isUnreadable } from "../lib/data/unreadable.ts";
import { E, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { describe, type Failure, failure } from "../lib/errors.ts";
import { writeBytes } from "../lib/formats/files.ts";
import { encodeRgbPng } from "../lib/formats/png_encode.ts";
import type { RgbImage } from "../lib/formats/raster.ts";
import { contactSheet, pairPanel } from "../lib/pictures/panel.ts";
import type { Arguments, Command } from "./arguments.ts";
import { withData } from "./context.ts";
import { dataFlags, dataOf } from "./data_arguments.ts";
import { main } from "./main.ts";
import { progress } from "./progress.ts";
import { writeJson } from "./results.ts";
import { surveyJson, surveyTable } from "./survey_table.ts";

const command: Command = {
  name: "inspect",
  summary: "Reads all of a data set and tells what is in it. Ends with status 1 if a sample cannot be read.",
  operands: "DATA",
  flags: [
    ...dataFlags,
    { name: "json", value: "FILE", help: "writes what was found as JSON" },
    { name: "picture", value: "FILE", help: "writes some images beside their depth as one PNG" },
    { name: "pictures", value: "N", help: "how many of each split the picture shows, 6 by default" },
  ],
};

/** What was found in a split, and some of its samples as panels. */
interface Inspected {
  readonly survey: Survey;
  readonly panels: readonly RgbImage[];
}

/** Samples that are read while one is looked at. */
const ahead = 4;

const inspectSplit = (
  split: Split,
  pictures: number,
  onSample: (name: string) => void,
): TaskEither<Failure, Inspected> =>
async () => {
  const readAhead = prefetch(split.read, ahead, split.size);
  const shown = new Set(Array.from({ length: pictures }, (_, at) => Math.floor((at + 0.5) * split.size / pictures)));
  const surveys: Survey[] = [];
  const panels: RgbImage[] = [];
  for (let index = 0; index < split.size; index++) {
    const read = await readAhead(index)();
    if (E.isLeft(read) && !isUnreadable(read.left)) return read;
    surveys.push(E.isLeft(read) ? surveyUnreadable(split.entry(index), read.left) : await surveyOf(read.right));
    if (E.isRight(read) && shown.has(index)) panels.push(pairPanel({ ...read.right, title: read.right.name }));
    onSample(split.entry(index).name);
  }
  return E.right({ survey: joinSurveys(surveys), panels });
};

const picturesOf = (args: Arguments): TaskEither<Failure, number> => {
  const given = args.flag("pictures") ?? "6";
  return /^\d{1,3}$/.test(given)
    ? TE.right(args.flag("picture") === undefined ? 0 : Number(given))
    : TE.left(failure("usage", "--pictures", `"${given}"`, "how many samples of each split are shown: 0 to 999"));
};

const unreadableIn = (name: string, { unreadable }: Survey): TaskEither<Failure, void> =>
  unreadable.length === 0 ? TE.right(undefined) : TE.left({
    ...failure(
      "data",
      name,
      `${unreadable.length} samples that cannot be read`,
      "none",
      'Mend them, take them out of the list, or train with --set data.onUnreadable="skip".',
    ),
    details: unreadable.map(({ entry, problem }) => `${entry.where}: ${describe(problem).replaceAll("\n", " ")}`),
  });

const inspect = (args: Arguments, pictures: number, { original }: OpenData): TaskEither<Failure, void> => async () => {
  const shown = progress("inspecting", original.train.size + original.test.size);
  let done = 0;
  const onSample = (name: string): void => shown.update(++done, name);
  const [train, test] = [
    await inspectSplit(original.train, pictures, onSample)(),
    await inspectSplit(original.test, pictures, onSample)(),
  ];
  shown.end();
  if (E.isLeft(train)) return train;
  if (E.isLeft(test)) return test;
  const splits = { train: train.right.survey, test: test.right.survey };
  console.log(surveyTable(original.name, splits));
  const [json, picture] = [args.flag("json"), args.flag("picture")];
  const sheet = (): Uint8Array => encodeRgbPng(contactSheet([...train.right.panels, ...test.right.panels]));
  return await pipe(
    json === undefined ? TE.right(undefined) : writeJson(json, surveyJson(original.name, splits)),
    TE.chain(() =>
      picture === undefined || train.right.panels.length + test.right.panels.length === 0
        ? TE.right(undefined)
        : writeBytes(picture, sheet())
    ),
    TE.chain(() => unreadableIn(original.name, surveyMonoid.concat(splits.train, splits.test))),
  )();
};

const run = (args: Arguments): TaskEither<Failure, void> =>
  pipe(
    picturesOf(args),
    TE.chain((pictures) =>
      pipe(dataOf(args), TE.chain((data) => withData(args, data, (opened) => inspect(args, pictures, opened))))
    ),
  );

await main(command, run);
