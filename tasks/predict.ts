import { E, type Either, pipe, type TaskEither } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { describeLeftOut } from "../lib/experiment/image_files.ts";
import { checkPredicted, predictFiles } from "../lib/experiment/prediction.ts";
import { planPrediction, type PredictionOptions } from "../lib/experiment/prediction_plan.ts";
import { usualMegapixels } from "../lib/formats/raster.ts";
import { type DepthEncoding, type DepthFormat, depthFormats, usualEncoding } from "../lib/pictures/depth_formats.ts";
import { type Arguments, type Command, commonFlags, numberOf } from "./arguments.ts";
import { main } from "./main.ts";
import { checkpointFlag, loadTrained } from "./network.ts";

/** The format of those who ask for none. */
const usualFormat = "color";

const names = depthFormats.map(({ name }) => name);

const listed = depthFormats.map(({ name, description }) => `${name} (${description})`).join(", ");

const command: Command = {
  name: "predict",
  summary: "Predicts the depth of images, each at its own size.",
  operands: "IMAGE|DIR…",
  operandsArePaths: true,
  flags: [
    ...commonFlags,
    checkpointFlag,
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

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const [options, most] = [optionsOf(args), megapixelsOf(args)];
  if (E.isLeft(options)) return options;
  if (E.isLeft(most)) return most;
  const plan = await planPrediction(args.operands, options.right)();
  if (E.isLeft(plan)) return plan;
  const leftOut = describeLeftOut(plan.right.leftOut);
  if (leftOut !== null) console.log(leftOut);
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const onUnreadable = args.flag("on-unreadable") === "fail" ? "fail" : "skip";
  const how = { onUnreadable, maxMegapixels: most.right, listener: args.listener } as const;
  const result = await predictFiles(trained.right.predict, plan.right, how)();
  if (E.isLeft(result)) return result;
  const count = result.right.predicted.length;
  console.log(`${count} depth map${count === 1 ? "" : "s"} in ${options.right.out}`);
  return pipe(checkPredicted(result.right), E.map(() => undefined));
};

await main(command, run);
