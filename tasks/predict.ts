import { E, type Either, pipe, type TaskEither, TE } from "../lib/dependencies/fp.ts";
import { attempt, type Failure, failure } from "../lib/errors.ts";
import { checkpointFlag, loadTrained } from "../lib/experiment/trained_network.ts";
import { fileFailure, readBytes, writeBytes } from "../lib/formats/files.ts";
import { decodeImage } from "../lib/formats/image.ts";
import { encodeNpy } from "../lib/formats/npy.ts";
import { encodeGrey16Png, encodeRgbPng } from "../lib/formats/png_encode.ts";
import type { DepthImage } from "../lib/formats/raster.ts";
import { depthPicture } from "../lib/pictures/panel.ts";
import type { Predictor } from "../lib/train/predict.ts";
import { type Arguments, type Command, commonFlags } from "./arguments.ts";
import { stem } from "./context.ts";
import { main } from "./main.ts";
import { progress } from "./progress.ts";

/** The files that a depth map can be written as: the end of their names and their bytes. */
const formats = {
  color: { suffix: "_depth.png", encode: (depth: DepthImage) => encodeRgbPng(depthPicture(depth)) },
  png16: { suffix: "_depth16.png", encode: (depth: DepthImage) => millimetrePng(depth) },
  npy: {
    suffix: "_depth.npy",
    encode: ({ height, width, metres }: DepthImage) => encodeNpy({ shape: [height, width], values: metres }),
  },
} as const;

type Format = keyof typeof formats;

/** Depth in millimetres; what is not positive is 0, no measurement, and what is beyond 16 bits is the largest value. */
const millimetrePng = ({ height, width, metres }: DepthImage): Uint8Array =>
  encodeGrey16Png(height, width, Uint16Array.from(metres, (m) => Math.min(Math.max(Math.round(m * 1000), 0), 65535)));

const isFormat = (name: string): name is Format => Object.hasOwn(formats, name);

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
      help: "any of color (picture), png16 (millimetres), npy (float32 metres), by commas; color by default",
    },
  ],
};

const formatsOf = (list: string): Either<Failure, readonly Format[]> => {
  const names = list.split(",");
  const stranger = names.find((name) => !isFormat(name));
  return stranger === undefined
    ? E.right(names.filter(isFormat))
    : E.left(failure("usage", "--format", `"${stranger}"`, `some of ${Object.keys(formats).join(", ")}, by commas`));
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
  wanted: readonly Format[],
): TaskEither<Failure, void> =>
  pipe(
    readBytes(path),
    TE.chain((bytes) => decodeImage(path, bytes)),
    TE.chain(predict),
    TE.chain((depth) =>
      TE.sequenceSeqArray(wanted.map((name) => {
        const { suffix, encode } = formats[name];
        return writeBytes(`${result}${suffix}`, encode(depth));
      }))
    ),
    TE.map(() => undefined),
  );

const run = (args: Arguments): TaskEither<Failure, void> => async () => {
  const wanted = formatsOf(args.flag("format") ?? "color");
  if (E.isLeft(wanted)) return wanted;
  const images = await imagesOf(args.operands)();
  if (E.isLeft(images)) return images;
  const trained = await loadTrained(args)();
  if (E.isLeft(trained)) return trained;
  const out = args.flag("out") ?? "runs/predictions";
  const shown = progress("predict", images.right.length);
  const names = resultNames(images.right);
  for (const [index, path] of images.right.entries()) {
    const written = await predictFile(trained.right.predict, path, `${out}/${names[index]}`, wanted.right)();
    if (E.isLeft(written)) {
      shown.end();
      return written;
    }
    shown.update(index + 1, path);
  }
  shown.end();
  console.log(`${images.right.length} depth maps in ${out}`);
  return E.right(undefined);
};

await main(command, run);
