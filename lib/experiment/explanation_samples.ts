import type { Arguments, Flag } from "../../tasks/arguments.ts";
import { located, withData } from "../../tasks/context.ts";
import type { Configuration, DataConfiguration } from "../config/configuration.ts";
import { preparationOf, withFolder } from "../config/data.ts";
import type { Split } from "../data/dataset.ts";
import { linearDepth } from "../data/depth_coding.ts";
import { readPair } from "../data/pair.ts";
import type { Sample } from "../data/sample.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** The flags that say which samples are explained. */
export const sampleFlags: readonly Flag[] = [
  { name: "data", value: "DIR", help: "the folder of the data set" },
  {
    name: "truth",
    value: "FILE",
    help: "the depth PNG of each IMAGE, in their order: the images are files then",
    repeated: true,
  },
  { name: "depth-scale", value: "N", help: "units of the PNGs of --truth in a metre, 1000 by default" },
  { name: "count", value: "N", help: "how many test samples are taken of those that match, 3 by default" },
];

/** A sample at the network's input size. */
export interface ChosenSample {
  /** For the name of its picture: its place in the test split, or a name of its own. */
  readonly label: string;
  readonly sample: Sample;
}

const numberFlag = (args: Arguments, name: string, usual: number): Either<Failure, number> => {
  const value = Number(args.flag(name) ?? usual);
  return value > 0 && Number.isFinite(value)
    ? E.right(value)
    : E.left(failure("usage", `--${name}`, `"${args.flag(name)}"`, "a number above 0"));
};

const label = (index: number): string => String(index).padStart(4, "0");

/** At most `count` of some indices, evenly over them. */
const evenly = (indices: readonly number[], count: number): readonly number[] => {
  const taken = Math.min(Math.ceil(count), indices.length);
  return Array.from({ length: taken }, (_, at) => indices[Math.floor((at + 0.5) * indices.length / taken)] ?? 0);
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

const fromSplit = (args: Arguments, data: DataConfiguration): TaskEither<Failure, readonly ChosenSample[]> =>
  withData(
    args,
    data,
    ({ resized: { name, test } }) =>
      test.size === 0 ? TE.left(failure("data", name, "no test samples", "at least one")) : pipe(
        TE.fromEither(numberFlag(args, "count", 3)),
        TE.chainEitherK((count) => chosen(test, args.operands, count)),
        TE.chain((indices) =>
          TE.sequenceSeqArray(
            indices.map((index) => pipe(test.read(index), TE.map((sample) => ({ label: label(index), sample })))),
          )
        ),
      ),
  );

const fromFiles = (
  images: readonly string[],
  truths: readonly string[],
  data: DataConfiguration,
  unitsPerMetre: number,
): TaskEither<Failure, readonly ChosenSample[]> =>
  TE.sequenceSeqArray(images.map((image, index) =>
    pipe(
      readPair({ image, depth: truths[index] ?? "" }, linearDepth(unitsPerMetre)),
      TE.map((pair): Sample => ({ ...pair, name: image, scene: null, intrinsics: null })),
      TE.chainEitherK(preparationOf(data)),
      TE.map((sample) => ({ label: label(index), sample })),
    )
  ));

const usualScale = (data: DataConfiguration): number =>
  data.kind === "files" && data.depthScale > 0 ? data.depthScale : 1000;

/**
 * The samples that the command line asks for, at the network's input size: files with --truth, or else test samples of the
 * configuration's data or of --data.
 *
 * Errors: "usage" for names that no sample has and for other numbers of images than of truths; those of reading.
 */
export const chosenSamples = (
  args: Arguments,
  { data }: Configuration,
): TaskEither<Failure, readonly ChosenSample[]> => {
  const [images, truths, folder] = [args.operands, args.flags("truth"), args.flag("data")];
  if (truths.length > 0) {
    const [found, wanted] = [`${truths.length} of it for ${images.length} images`, "one for each image"];
    return images.length !== truths.length ? TE.left(failure("usage", "--truth", found, wanted)) : pipe(
      TE.fromEither(numberFlag(args, "depth-scale", usualScale(data))),
      TE.chain((scale) => fromFiles(images, truths, data, scale)),
    );
  }
  const source = folder === undefined || args.flag("config") !== undefined
    ? E.right(data)
    : withFolder(data, located(folder));
  return pipe(TE.fromEither(source), TE.chain((opened) => fromSplit(args, opened)));
};
