import { E, type Either, type TaskEither } from "../lib/dependencies/fp.ts";
import { type Failure, failure } from "../lib/errors.ts";
import { imageFiles, predictFiles } from "../lib/experiment/prediction.ts";
import { type DepthFormat, depthFormats } from "../lib/pictures/depth_formats.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
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

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const formats = formatsOf(args.flag("format") ?? usualFormat);
  if (E.isLeft(formats)) return formats;
  const images = await imageFiles(args.operands)();
  if (E.isLeft(images)) return images;
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const out = args.flag("out") ?? "runs/predictions";
  const options = { out, formats: formats.right, listener: args.listener };
  const written = await predictFiles(trained.right.predict, images.right, options)();
  if (E.isRight(written)) console.log(`${images.right.length} depth maps in ${out}`);
  return written;
};

await main(command, run);
