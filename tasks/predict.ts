import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { attempt, type Failure, failure } from "../lib/errors.ts";
import { fileFailure, readBytes, writeBytes } from "../lib/formats/files.ts";
import { decodeImage } from "../lib/formats/image.ts";
import { type DepthFormat, depthFormats } from "../lib/pictures/depth_formats.ts";
import type { Predictor } from "../lib/train/predict.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { stem } from "./context.ts";
import { main } from "./main.ts";
import { progress } from "./progress.ts";
import { checkpointFlag, loadTrained } from "./trained_network.ts";

/** The format of those who ask for none. */
const usualFormat = "color";

const listed = depthFormats.map(({ name, description }) => `${name} (${description})`).join(", ");

const command: Command = {
  name: "predict",
  summary: "Predicts the depth of images, each at its own size.",
  operands: "IMAGE|DIR…",
  flags: [
    ...commonFlags,
    checkpointFlag,
    { name: "out", value: "DIR", help: "the folder of the depth maps, runs/predictions by default" },
    {
      name: "format",
      value: "LIST",
      help: `any of ${listed}, by commas; ${usualFormat} by default`,
    },
  ],
};

/** The formats that a list names, in its order. */
const formatsOf = (list: string): Either<Failure, readonly DepthFormat[]> => {
  const names = list.split(",");
  const stranger = names.find((name) => !depthFormats.some((format) => format.name === name));
  if (stranger === undefined) {
    return E.right(names.flatMap((name) => depthFormats.filter((each) => each.name === name)));
  }
  const allowed = depthFormats.map(({ name }) => name).join(", ");
  return E.left(failure("usage", "--format", `"${stranger}"`, `some of ${allowed}, by commas`));
};

const isImage = (name: string): boolean => /\.(png|jpe?g)$/i.test(name);

const filesIn = async (path: string): Promise<readonly string[]> => {
  if (!(await Deno.stat(path)).isDirectory) return [path];
  const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
  return names.filter(isImage).sort().map((name) => `${path}/${name}`);
};

/** The image files of the operands: a folder stands for the images in it. */
const imagesOf = (operands: readonly string[]): TaskEither<Failure, readonly string[]> =>
  pipe(
    TE.sequenceSeqArray(
      operands.map((path) => attempt(() => filesIn(path), (reason) => fileFailure(path, "read", reason))),
    ),
    TE.map((lists) => lists.flat()),
    TE.filterOrElse(
      (images) => images.length > 0,
      () => failure("usage", "predict", "no image", "at least one PNG or JPEG file, or a folder with some"),
    ),
  );

/** The names of the results, numbered where two images of different folders have the same. */
const resultNames = (images: readonly string[]): readonly string[] => {
  const names = images.map(stem);
  return names.map((name, index) =>
    names.indexOf(name) === index ? name : `${name}-${names.slice(0, index).filter((each) => each === name).length + 1}`
  );
};

const predictFile = (
  predict: Predictor,
  path: string,
  result: string,
  wanted: readonly DepthFormat[],
): TaskEither<Failure, void> =>
  pipe(
    readBytes(path),
    TE.chain((bytes) => decodeImage(path, bytes)),
    TE.chain(predict),
    TE.chain((depth) =>
      TE.sequenceSeqArray(wanted.map(({ suffix, encode }) => writeBytes(`${result}${suffix}`, encode(depth))))
    ),
    TE.map(() => undefined),
  );

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const wanted = formatsOf(args.flag("format") ?? usualFormat);
  if (E.isLeft(wanted)) return wanted;
  const images = await imagesOf(args.operands)();
  if (E.isLeft(images)) return images;
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const out = args.flag("out") ?? "runs/predictions";
  const bar = progress("predict", images.right.length);
  const names = resultNames(images.right);
  for (const [index, path] of images.right.entries()) {
    const written = await predictFile(trained.right.predict, path, `${out}/${names[index]}`, wanted.right)();
    if (E.isLeft(written)) {
      bar.end();
      return written;
    }
    bar.update(index + 1, path);
  }
  bar.end();
  console.log(`${images.right.length} depth maps in ${out}`);
  return E.right(undefined);
};

await main(command, run);
