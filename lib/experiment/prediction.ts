import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { attempt, type Failure, failure } from "../errors.ts";
import { fileFailure, readBytes, writeBytes } from "../formats/files.ts";
import { decodeUpright } from "../formats/image.ts";
import type { DepthFormat } from "../pictures/depth_formats.ts";
import type { Predictor } from "../train/depth_network.ts";
import { type Listener, withProgress } from "../train/listener.ts";
import { stem } from "./files.ts";

const isImage = (name: string): boolean => /\.(png|jpe?g)$/i.test(name);

const filesIn = async (path: string): Promise<readonly string[]> => {
  if (!(await Deno.stat(path)).isDirectory) return [path];
  const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
  return names.filter(isImage).sort().map((name) => `${path}/${name}`);
};

/** Image files by name: a folder stands for the images in it. Errors: "missing" and "file"; "usage" if there is no image. */
export const imageFiles = (paths: readonly string[]): TaskEither<Failure, readonly string[]> =>
  pipe(
    TE.sequenceSeqArray(
      paths.map((path) => attempt(() => filesIn(path), (reason) => fileFailure(path, "read", reason))),
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
  formats: readonly DepthFormat[],
  maxMegapixels: number | undefined,
): TaskEither<Failure, void> =>
  pipe(
    readBytes(path),
    TE.chain((bytes) => decodeUpright(path, bytes, maxMegapixels)),
    TE.chain(predict),
    TE.chain((depth) =>
      TE.sequenceSeqArray(formats.map(({ suffix, encode }) => writeBytes(`${result}${suffix}`, encode(depth))))
    ),
    TE.map(() => undefined),
  );

/** Where depth maps of images are written, and how. */
export interface PredictionOptions {
  /** The folder of the depth maps. */
  readonly out: string;
  /** The files that are written of each, such as `depthFormats.color`. */
  readonly formats: readonly DepthFormat[];
  /** Images of more millions of pixels are refused before they are decoded; 110 unless given. */
  readonly maxMegapixels?: number;
  /** Told of every image. */
  readonly listener: Listener;
}

/** Predicts the depth of image files, each at its own size, and writes it. Errors: those of reading, predicting, writing. */
export const predictFiles = (
  predict: Predictor,
  images: readonly string[],
  { out, formats, maxMegapixels, listener }: PredictionOptions,
): TaskEither<Failure, void> =>
async () => {
  const names = resultNames(images);
  return await withProgress(listener.progress("predict", images.length), async (update) => {
    for (const [index, path] of images.entries()) {
      const written = await predictFile(predict, path, `${out}/${names[index]}`, formats, maxMegapixels)();
      if (E.isLeft(written)) return written;
      update(index + 1, path);
    }
    return E.right(undefined);
  });
};
