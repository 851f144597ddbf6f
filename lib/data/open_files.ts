import { absurd, E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { basename, dirname, join } from "../dependencies/path.ts";
import { type Failure, failure } from "../errors.ts";
import { isUrl } from "../formats/http_source.ts";
import { btsDataset } from "./bts_list.ts";
import { cityscapesDataset } from "./cityscapes.ts";
import { csvDataset } from "./csv_dataset.ts";
import type { Dataset } from "./dataset.ts";
import { denseDepthDataset } from "./dense_depth_csv.ts";
import { nyuDepthV2 } from "./nyu_depth_v2.ts";
import { type Layout, layoutSigns, recognize, type Recognized } from "./recognize_layout.ts";
import { shardsDataset } from "./shards/shards_dataset.ts";
import { sunDataset } from "./sun_rgbd.ts";
import { tumDataset } from "./tum_rgbd.ts";

export type { Layout } from "./recognize_layout.ts";

/** Every layout by its name. */
export const layouts: readonly Layout[] = [
  "nyu-labelled",
  "bts",
  "densedepth",
  "tum",
  "sunrgbd",
  "cityscapes",
  "csv",
  "shards",
];

/** Where data lie and what is wanted of them. What a layout has no choice of is left aside. */
export interface FilesOptions {
  /** The folder, file or address. */
  readonly folder: string;
  /** Its layout; "auto" recognises it. */
  readonly layout: "auto" | Layout;
  /** The list of training samples in the folder; "" for the usual one. */
  readonly list: string;
  /** The list of test samples in the folder; "" for the usual one. */
  readonly testList: string;
  /** Units of a depth PNG in a metre; 0 for what the layout says. */
  readonly depthScale: number;
  /** Depth as published, as the sensor measured it, or with holes filled. */
  readonly depth: "published" | "raw" | "filled";
  /** The share that is held out for testing where the layout has no test split. */
  readonly testShare: number;
  /** How many samples are mixed while shards are gone through in order. */
  readonly shuffleBuffer: number;
}

const named = (files: readonly string[], part: RegExp): string | undefined =>
  files.find((file) => part.test(basename(file)));

/** The lists that a layout by lists has. */
interface Lists {
  readonly train: string;
  readonly test: string | undefined;
}

const chosenLists = (
  { folder, list, testList }: FilesOptions,
  { files }: Recognized,
): Either<Failure, Lists> => {
  const inFolder = (name: string): string | undefined => name === "" ? undefined : join(folder, name);
  const own = files.length === 1 ? files[0] : named(files, /train/i);
  const train = inFolder(list) ?? own;
  const test = inFolder(testList) ?? named(files.filter((file) => file !== train), /test|val/i);
  return train === undefined
    ? E.left(failure(
      "data",
      folder,
      files.length === 0 ? "no list" : `the lists ${files.map((file) => basename(file)).join(", ")}`,
      "one list of training samples",
      "Name it by --set data.list=NAME.",
    ))
    : E.right({ train, test });
};

const csvOf = ({ depthScale }: FilesOptions, { train }: Lists): TaskEither<Failure, Dataset> =>
  csvDataset({ folder: dirname(train), list: basename(train), depthScale: depthScale === 0 ? 1000 : depthScale });

const btsOf = ({ depthScale, testShare }: FilesOptions, { train, test }: Lists): TaskEither<Failure, Dataset> =>
  btsDataset({
    train: { list: train },
    test: test === undefined ? undefined : { list: test },
    testShare,
    depthScale: depthScale === 0 ? undefined : depthScale,
  });

const openRecognized = (options: FilesOptions, recognized: Recognized): TaskEither<Failure, Dataset> => {
  const { folder, depth, testShare, shuffleBuffer } = options;
  const { layout, files: [file = folder] } = recognized;
  const withLists = (open: (options: FilesOptions, lists: Lists) => TaskEither<Failure, Dataset>) =>
    pipe(TE.fromEither(chosenLists(options, recognized)), TE.chain((lists) => open(options, lists)));
  switch (layout) {
    case "nyu-labelled":
      return nyuDepthV2({ file, depth: depth === "raw" ? "raw" : "filled", testShare });
    case "bts":
      return withLists(btsOf);
    case "csv":
      return withLists(csvOf);
    case "densedepth":
      return denseDepthDataset({ folder, testShare });
    case "tum":
      return tumDataset({ folder, testShare });
    case "sunrgbd":
      return sunDataset({ folder, testShare, depth: depth === "filled" ? "filled" : "raw" });
    case "cityscapes":
      return cityscapesDataset({ folder });
    case "shards":
      return shardsDataset({ folder: isUrl(folder) ? folder : folderOfShards(folder), shuffleBuffer });
    default:
      return absurd(layout);
  }
};

/** A single shard stands for the folder that it lies in. */
const folderOfShards = (path: string): string => /\.(tar|json)$/.test(path) ? dirname(path) : path;

const otherLayout = (wanted: Layout, { folder }: FilesOptions, found: string): Failure =>
  failure("data", folder, found, `the layout ${wanted}: ${layoutSigns[wanted]}`);

/** What is in the folder, in the layout that is wanted. A list that is named needs no looking for. */
const recognizedAs = (options: FilesOptions): TaskEither<Failure, Recognized> => {
  const { folder, layout, list } = options;
  if (layout !== "auto" && list !== "") return TE.right({ layout, files: [] });
  if (layout === "auto" && list !== "") return recognize(join(folder, list));
  return pipe(
    recognize(folder),
    TE.filterOrElse(
      (found) => layout === "auto" || found.layout === layout,
      (found) => otherLayout(layout === "auto" ? found.layout : layout, options, `the layout ${found.layout}`),
    ),
  );
};

/**
 * Opens data in any layout that is known.
 *
 * Errors: those of recognising and of opening the layout; "data" if it is not the one that is wanted, or if it has several
 * lists of which none tells itself as that of training.
 */
export const openFiles = (options: FilesOptions): TaskEither<Failure, Dataset> =>
  pipe(recognizedAs(options), TE.chain((recognized) => openRecognized(options, recognized)));
