import { E, type Either, pipe, type TaskEither } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { imageFiles, predictFiles } from "../lib/experiment/prediction.ts";
import { usualMegapixels } from "../lib/formats/raster.ts";
import { type DepthFormat, depthFormats } from "../lib/pictures/depth_formats.ts";
import { type Arguments, type Command, commonFlags, numberOf } from "./arguments.ts";
import { main } from "./main.ts";
import { checkpointFlag, loadTrained } from "./network.ts";
import { terminal } from "./progress.ts";

/** The format of those who ask for none. */
const usualFormat = "color";

const names = depthFormats.map(({ name }) => name);

const listed = depthFormats.map(({ name, description }) => `${name} (${description})`).join(", ");

const command: Command = {
  name: "predict",
  summary: "Predicts the depth of images, each at its own size.",
  operands: "IMAGE|DIR…",
  flags: [
    ...commonFlags,
    checkpointFlag,
    { name: "out", value: "DIR", help: "the folder of the depth maps, runs/predictions by default" },
    { name: "format", value: "LIST", help: `any of ${listed}, by commas; ${usualFormat} by default` },
    {
      name: "max-megapixels",
      value: "N",
      help: `larger images are refused before they are decoded; ${usualMegapixels} by default, for 2.5 GB of memory`,
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
  const formats = formatsOf(args.flag("format") ?? usualFormat);
  if (E.isLeft(formats)) return formats;
  const most = megapixelsOf(args);
  if (E.isLeft(most)) return most;
  const images = await imageFiles(args.operands)();
  if (E.isLeft(images)) return images;
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const out = args.flag("out") ?? "runs/predictions";
  const options = { out, formats: formats.right, maxMegapixels: most.right, listener: terminal };
  const written = await predictFiles(trained.right.predict, images.right, options)();
  if (E.isRight(written)) console.log(`${images.right.length} depth maps in ${out}`);
  return written;
};

await main(command, run);
