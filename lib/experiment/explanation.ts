import { describeSizes, type Sample, type Split } from "../data/dataset.ts";
import type { DataConfiguration } from "../data/fields.ts";
import { type ReadingOptions, withData } from "../data/open_data.ts";
import { preparationOf } from "../data/open_dataset.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { removeAbandoned, writeBytes } from "../formats/files.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import { encodeRgbPng } from "../formats/png.ts";
import { explanationPage } from "../pictures/explanation_page.ts";
import type { Predictor } from "../train/depth_network.ts";
import type { Explainer } from "../train/explain.ts";
import { type Listener, withProgress } from "../train/listener.ts";
import type { ExplainedImage } from "./explanation_report.ts";
import { stem } from "./files.ts";

/** Which samples are explained.
 * @category Experiments */
export interface SampleChoice {
  /** Numbers, names or parts of names of test samples, or, with truths, image files; a few of the split if there are none. */
  readonly images: readonly string[];
  /** The depth map of each image, in their order: the images are files then. */
  readonly truths: readonly string[];
  /** Units of the truths in a metre; by default those of the data, or 1000 of whole numbers and 1 of floating-point ones. */
  readonly depthScale?: number;
  /** How many test samples are taken of those that match. */
  readonly count: number;
}

/** A sample at the network's input size.
 * @category Experiments */
export interface ChosenSample {
  /** For the name of its picture: its place in the test split, or a name of its own. */
  readonly label: string;
  /** The sample. */
  readonly sample: Sample;
}

const label = (index: number): string => String(index).padStart(4, "0");

/** At most `count` of some indices, evenly over them. */
const evenly = (indices: readonly number[], count: number): readonly number[] => {
  const taken = Math.min(Math.ceil(count), indices.length);
  return Array.from({ length: taken }, (_, at) => Math.floor((at + 0.5) * indices.length / taken)).flatMap((place) =>
    indices.slice(place, place + 1)
  );
};

/** Whether a word is the place of a sample in its split. */
const isPlace = (word: string, size: number): boolean => /^(0|[1-9]\d*)$/.test(word) && Number(word) < size;

const matching = (split: Split, word: string): readonly number[] => {
  const all = Array.from({ length: split.size }, (_, index) => index);
  const same = all.filter((index) => split.entry(index).name === word);
  if (same.length > 0) return same;
  return isPlace(word, split.size) ? [Number(word)] : all.filter((index) => split.entry(index).name.includes(word));
};

/** The places of the samples that words of the command line ask for; a few of the whole split without words. */
const chosen = (split: Split, words: readonly string[], count: number): Either<Failure, readonly number[]> => {
  const found = (words.length === 0 ? [""] : words).map((word) => evenly(matching(split, word), count));
  const strange = found.findIndex((indices) => indices.length === 0);
  const expected = `a number below ${split.size}, or part of a name such as "${split.entry(0).name}"`;
  return strange < 0 ? E.right([...new Set(found.flat())]) : E.left(
    failure("usage", "IMAGE", `"${words[strange]}", which no test sample is called`, expected, "Files need --truth."),
  );
};

const fromSplit = (
  data: DataConfiguration,
  { images, count }: SampleChoice,
  reading: ReadingOptions,
): TaskEither<Failure, readonly ChosenSample[]> =>
  withData(
    data,
    reading,
    ({ resized: { name, test } }) =>
      test.size === 0 ? TE.left(failure("data", name, "no test samples", "at least one")) : pipe(
        TE.fromEither(chosen(test, images, count)),
        TE.chain((indices) =>
          TE.sequenceSeqArray(
            indices.map((index) => pipe(test.read(index), TE.map((sample) => ({ label: label(index), sample })))),
          )
        ),
      ),
  );

const fromFiles = (
  data: DataConfiguration,
  { images, truths }: SampleChoice,
  depthScale: number | undefined,
  { listener }: ReadingOptions,
): TaskEither<Failure, readonly ChosenSample[]> =>
async () => {
  const { readPair, scaledDepth } = await import("../data/pair.ts");
  const read = (depth: string, index: number): TaskEither<Failure, ChosenSample> => {
    const image = images[index];
    if (image === undefined) throw new Error(`no image for ${depth}`);
    return pipe(
      readPair({ image, depth }, scaledDepth(depthScale, 1000)),
      TE.map((pair): Sample => {
        if (pair.fileSizes !== undefined) listener.message(describeSizes(image, pair.fileSizes));
        return { ...pair, name: image, scene: null, intrinsics: null };
      }),
      TE.chainEitherK(preparationOf(data)),
      TE.map((sample) => ({ label: label(index), sample })),
    );
  };
  return await TE.sequenceSeqArray(truths.map(read))();
};

const scaleOf = (data: DataConfiguration): number | undefined =>
  data.kind === "files" && data.depthScale > 0 ? data.depthScale : undefined;

/**
 * The samples that are asked for, at the network's input size: files with their truths, or else test samples of the data.
 *
 * Errors: "usage" for names that no sample has and for other numbers of images than of truths; those of reading.
 * @category Experiments
 */
export const chosenSamples = (
  data: DataConfiguration,
  choice: SampleChoice,
  reading: ReadingOptions,
): TaskEither<Failure, readonly ChosenSample[]> => {
  const { images, truths, depthScale = scaleOf(data) } = choice;
  const sound = checkNumbers("the choice of samples", { count: countFrom(1) }, { ...choice });
  if (E.isLeft(sound)) return TE.left(sound.left);
  if (truths.length === 0) return fromSplit(data, choice, reading);
  const [found, wanted] = [`${truths.length} of it for ${images.length} images`, "one for each image"];
  if (images.length !== truths.length) return TE.left(failure("usage", "--truth", found, wanted));
  const told = depthScale === undefined
    ? "1000 units = 1 m, floating-point numbers in metres"
    : `${depthScale} units = 1 m`;
  reading.listener.message(`depth of the given files: ${told}`);
  return fromFiles(data, choice, depthScale, reading);
};

/** What is drawn of each sample, and where.
 * @category Experiments */
export interface ExplanationOptions {
  /** The network that is explained. */
  readonly predict: Predictor;
  /** What its losses see. */
  readonly explainer: Explainer;
  /** The folder of the pictures. */
  readonly out: string;
  /** Told of every sample. */
  readonly listener: Listener;
}

const explainSample = (
  { predict, explainer, out }: ExplanationOptions,
  { label, sample: { name, image, depth } }: ChosenSample,
): TaskEither<Failure, ExplainedImage> => {
  const picture = `${out}/${label}-${stem(name)}.png`;
  return pipe(
    predict(image),
    TE.chain((prediction) => explainer(depth, prediction, image)),
    TE.chainFirst((explanation) =>
      writeBytes(picture, encodeRgbPng(explanationPage({ title: name, image, explanation })))
    ),
    TE.map((explanation) => ({ name, picture, explanation })),
  );
};

/** Draws what losses see in samples, a picture each. Errors: those of predicting, explaining and writing.
 * @category Experiments */
export const explainSamples = (
  options: ExplanationOptions,
  samples: readonly ChosenSample[],
): TaskEither<Failure, readonly ExplainedImage[]> =>
async () => {
  await removeAbandoned(options.out)();
  return await withProgress(options.listener.progress("explain", samples.length), async (update) => {
    const images: ExplainedImage[] = [];
    for (const chosen of samples) {
      const image = await explainSample(options, chosen)();
      if (E.isLeft(image)) return image;
      images.push(image.right);
      update(images.length, chosen.sample.name);
    }
    return E.right(images);
  });
};
