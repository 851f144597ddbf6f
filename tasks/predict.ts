import type { OnUnreadable } from "../lib/data/split.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { join } from "../lib/dependencies/text.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { describeLeftOut } from "../lib/experiment/image_files.ts";
import { checkPredicted, predictFiles, type Predictions } from "../lib/experiment/prediction.ts";
import { planPrediction, type PredictionOptions } from "../lib/experiment/prediction_plan.ts";
import { usualMegapixels } from "../lib/formats/raster.ts";
import { type DepthEncoding, type DepthFormat, depthFormats, usualEncoding } from "../lib/pictures/depth_formats.ts";
import { type Arguments, type Command, commonFlags, numberOf } from "./arguments.ts";
import { main } from "./main.ts";
import { datasetFlag } from "./context.ts";
import { checkpointFlag, loadTrained, networkFlag } from "./network.ts";

/** The format of those who ask for none. */
const usualFormat = "color";

const names = depthFormats.map(({ name }) => name);

const listed = depthFormats.map(({ name, description }) => `${name} (${description})`).join(", ");

const command: Command = {
  name: "predict",
  summary: "Predicts the depth of images, or of a split of a data set, each at its own size.",
  operands: "IMAGE|DIR… | --split NAME",
  operandsArePaths: true,
  flags: [
    ...commonFlags,
    checkpointFlag,
    networkFlag,
    datasetFlag,
    {
      name: "data",
      value: "DIR",
      path: "whole",
      help: "a data set of which --split is predicted, described as for evaluate; the network's own by default",
    },
    {
      name: "split",
      value: "NAME",
      help:
        "test or train: predicts a split of data, into a folder of its name, named as its samples; test with --data",
      allowed: ["test", "train"],
    },
    { name: "out", value: "DIR", path: "whole", help: "the folder of the depth maps, runs/predictions by default" },
    { name: "format", value: "LIST", help: `any of ${listed}, by commas; ${usualFormat} by default` },
    { name: "legend", help: "pictures with a frame and the scale of their colours, larger than the images" },
    { name: "png-scale", value: "N", help: "units of a 16-bit PNG in a metre, 1000 by default" },
    {
      name: "max-megapixels",
      value: "N",
      help: `larger images are refused before they are decoded; ${usualMegapixels} by default, for 2.5 GB of memory`,
    },
    { name: "overwrite", help: "replaces files that predict is not known to have written" },
    {
      name: "on-unreadable",
      value: "WHAT",
      help: "skip: the other images are predicted, and the status is 1 (default); fail: the first one ends it",
      allowed: ["skip", "fail"],
    },
  ],
};

const formatsOf = (list: string): Either<Failure, readonly DepthFormat[]> =>
  E.sequenceArray(
    list.split(",").map((name) => {
      const format = depthFormats.find((each) => each.name === name);
      return format === undefined
        ? E.left(failure("usage", "--format", `"${name}"`, `some of ${names.join(", ")}, by commas`))
        : E.right(format);
    }),
  );

/** Errors: "usage" for a flag, if it was given, of an encoding that makes no difference to any of the formats. */
const checkUse = (
  flag: string,
  given: boolean,
  field: keyof DepthEncoding,
  formats: readonly DepthFormat[],
): Either<Failure, void> => {
  if (!given || formats.some(({ uses }) => uses === field)) return E.right(undefined);
  const users = depthFormats.filter(({ uses }) => uses === field).map(({ name }) => name);
  const found = `formats that it does not change (${formats.map(({ name }) => name).join(", ")})`;
  return E.left(failure("usage", `--${flag}`, found, `--format with ${users.join(" or ")}`));
};

const optionsOf = (args: Arguments): Either<Failure, PredictionOptions> => {
  const formats = formatsOf(args.flag("format") ?? usualFormat);
  if (E.isLeft(formats)) return formats;
  const [legend, scale] = [args.switched("legend"), numberOf(args, "png-scale")];
  if (E.isLeft(scale)) return scale;
  const encoding = { legend, unitsPerMetre: scale.right ?? usualEncoding.unitsPerMetre };
  const out = args.flag("out") ?? "runs/predictions";
  return pipe(
    checkUse("legend", legend, "legend", formats.right),
    E.chain(() => checkUse("png-scale", scale.right !== undefined, "unitsPerMetre", formats.right)),
    E.map(() => ({ out, formats: formats.right, encoding, overwrite: args.switched("overwrite") })),
  );
};

/** Of more pixels, results could not be written: a part of a PNG is of less than 4 GB. */
const mostMegapixels = 1000;

const megapixelsOf = (args: Arguments): Either<Failure, number> =>
  pipe(
    numberOf(args, "max-megapixels"),
    E.map((given) => given ?? usualMegapixels),
    E.filterOrElse(
      (most) => most <= mostMegapixels,
      (most) => failure("usage", "--max-megapixels", `${most}`, `at most ${mostMegapixels}`),
    ),
  );

/** How a prediction is told: how many depth maps there are, and which pictures have none. */
const tellResult = (result: Predictions, out: string): Either<Failure, void> => {
  const count = result.predicted.length;
  console.log(`${count} depth map${count === 1 ? "" : "s"} in ${out}`);
  return pipe(checkPredicted(result), E.map(() => undefined));
};

const onUnreadableOf = (args: Arguments): OnUnreadable => args.flag("on-unreadable") === "fail" ? "fail" : "skip";

const predictImages = (
  args: Arguments,
  options: PredictionOptions,
  maxMegapixels: number,
): TaskEither<Failure, void> =>
async () => {
  const plan = await planPrediction(args.operands, options)();
  if (E.isLeft(plan)) return plan;
  const leftOut = describeLeftOut(plan.right.leftOut);
  if (leftOut !== null) console.log(leftOut);
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const how = { onUnreadable: onUnreadableOf(args), maxMegapixels, listener: args.listener };
  const result = await predictFiles(trained.right.predict, plan.right, how)();
  return pipe(result, E.chain((predictions) => tellResult(predictions, options.out)));
};

/** Errors: "usage" for what goes with images alone. */
const checkSplitUse = (args: Arguments): Either<Failure, void> => {
  const [image] = args.operands;
  if (image !== undefined) {
    return E.left(failure("usage", image, "an image beside --data or --split", "either images or a split of data"));
  }
  return args.flag("max-megapixels") === undefined ? E.right(undefined) : E.left(
    failure("usage", "--max-megapixels", "a bound for images beside --data or --split", "images without these"),
  );
};

const predictData = (args: Arguments, options: PredictionOptions): TaskEither<Failure, void> => async () => {
  const use = checkSplitUse(args);
  if (E.isLeft(use)) return use;
  const name = args.flag("split") === "train" ? "train" : "test";
  const [{ loadSeen, withSeenData }, { planSplit, predictSplit }] = await Promise.all([
    import("./seen.ts"),
    import("../lib/experiment/split_prediction.ts"),
  ]);
  const loaded = await loadSeen(args)();
  if (E.isLeft(loaded)) return loaded;
  const { trained: { predict }, seen } = loaded.right;
  const how = { onUnreadable: onUnreadableOf(args), listener: args.listener };
  const asked = name === "train" ? { ...seen, purpose: undefined } : seen;
  const result = await withSeenData(args, asked, ({ original }) =>
    pipe(
      planSplit(original, name, options),
      TE.chain((plan) => predictSplit(predict, original[name], plan, how)),
    ))();
  return pipe(result, E.chain((predictions) => tellResult(predictions, join(options.out, name))));
};

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const [options, most] = [optionsOf(args), megapixelsOf(args)];
  if (E.isLeft(options)) return options;
  if (E.isLeft(most)) return most;
  const ofData = args.flag("data") !== undefined || args.flag("dataset") !== undefined ||
    args.flag("split") !== undefined;
  return await (ofData ? predictData(args, options.right) : predictImages(args, options.right, most.right))();
};

await main(command, run);
