import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { checkNumbers, requireNumbers } from "../formats/numbers.ts";
import type { DepthImage, RasterSize, RgbImage } from "../formats/raster.ts";
import type { Key } from "../tensor/key.ts";
import type { Turning } from "./turning.ts";

/** Pinhole camera in pixels; pixel (column u, row v) has its centre at (u + 0.5, v + 0.5). */
export interface Intrinsics {
  /** Focal length along a row, in pixels of the sample's size. */
  readonly fx: number;
  /** Focal length along a column, in pixels of the sample's size. */
  readonly fy: number;
  /** Where the optical axis meets the picture: pixels from its left edge. */
  readonly cx: number;
  /** Where the optical axis meets the picture: pixels from its upper edge. */
  readonly cy: number;
}

/** One picture with its ground truth. Image and depth have the same height and width. */
export interface Sample {
  /** What messages and pictures call the sample, such as the name of its image file. */
  readonly name: string;
  /** The picture that depth is to be estimated from. */
  readonly image: RgbImage;
  /** Metres; 0 = no measurement. */
  readonly depth: DepthImage;
  /** The label that HEG-S learns to tell from the depth map, if there is one. */
  readonly scene: string | null;
  /** The camera, where it is known; null for data sets that do not tell. */
  readonly intrinsics: Intrinsics | null;
  /** How many of its pixels were measured outside the data's range, and are 0 therefore; none unless given. */
  readonly outOfRange?: number;
  /** What the image's file asks viewers to do with it, if anything, and whether that was done. */
  readonly turning?: Turning;
  /** The sizes in their files, where they differ: the image was brought to that of its depth. */
  readonly fileSizes?: FileSizes;
}

/** The bytes of the two files of a sample, as they lie there. */
export interface OriginalFiles {
  /** Reads the picture's file. */
  readonly image: TaskEither<Failure, Uint8Array>;
  /** Reads the depth map's file. */
  readonly depth: TaskEither<Failure, Uint8Array>;
}

/** The sizes of a picture and its depth map in their files. */
export interface FileSizes {
  /** That of the picture. */
  readonly image: RasterSize;
  /** That of the depth map. */
  readonly depth: RasterSize;
}

const sizeText = ({ height, width }: RasterSize): string => `${width}×${height}`;

/** What is done with samples whose image and depth differ in size, told of one. */
export const describeSizes = (name: string, { image, depth }: FileSizes): string =>
  `${name} has an image of ${sizeText(image)} pixels and depth of ${
    sizeText(depth)
  }. Such images are resized to their depth, ` +
  "which keeps its size; inspect counts them.";

/** What is known of a sample before it is read. */
export interface SampleEntry {
  /** What messages and pictures call the sample, such as the name of its image file. */
  readonly name: string;
  /** The label of its scene, if there is one. */
  readonly scene: string | null;
  /** Where it is listed, for messages: a file, and the line of it if it is a list. */
  readonly where: string;
  /** The files that it is made of, for those who keep them; absent where it has none of its own. */
  readonly originals?: OriginalFiles;
}

/** Samples that are read when they are asked for. */
export interface Split {
  /** How many samples there are. */
  readonly size: number;
  /** What is known of the sample at an index, 0 … size − 1, without reading it. */
  readonly entry: (index: number) => SampleEntry;
  /** The sample at an index, 0 … size − 1. */
  readonly read: (index: number) => TaskEither<Failure, Sample>;
  /** The order of an epoch that suits where the samples lie, if any order does not: every index once. */
  readonly order?: (key: Key) => Uint32Array;
}

/** Depths in metres from a near to a far one, both included. */
export interface DepthRange {
  /** The least depth, in metres; where predictions are clipped it is above 0. */
  readonly near: number;
  /** The greatest depth, in metres. */
  readonly far: number;
}

/** What a data set lists but does not give, and how often. */
export interface Omission {
  /** Why, as a plural: "lines without ground truth". */
  readonly what: string;
  /** How many. */
  readonly count: number;
}

/** A data set with its published or declared splits. */
export interface Dataset {
  /** What messages call the data set, such as the path of its list. */
  readonly name: string;
  /** The labels of the scenes, in the order of their class indices; empty if samples have none. */
  readonly scenes: readonly string[];
  /** What is trained on. */
  readonly train: Split;
  /** What is evaluated on, apart from what is trained on. */
  readonly test: Split;
  /** The range of its depths, as configured or published, by which it is evaluated; none unless given. */
  readonly range?: DepthRange | null;
  /** The name of the layout in which it was found; absent for what lies in no files. */
  readonly layout?: string;
  /** What is in neither split; samples that are merely unreadable are in theirs. Absent where there is no such thing. */
  readonly omitted?: readonly Omission[];
  /** How it was divided, in clauses for people: "the last 2 of 12 are held out for testing". */
  readonly remarks?: readonly string[];
}

/** One sample of a list: what is known of it, and how it is read. */
export interface SampleSource extends SampleEntry {
  /** Reads the sample. */
  readonly read: TaskEither<Failure, Sample>;
}

const at = (sources: readonly SampleSource[], index: number): SampleSource => {
  const source = sources[index];
  if (source === undefined) throw new Error(`no sample ${index} in a split of ${sources.length}`);
  return source;
};

/** A split of listed samples. @throws Error for an index beyond its end: a bug of the caller. */
export const splitOf = (sources: readonly SampleSource[]): Split => ({
  size: sources.length,
  entry: (index) => at(sources, index),
  read: (index) => at(sources, index).read,
});

/** Samples apart: those that are trained on, and those that are evaluated on. */
export interface HeldOut<A> {
  /** All but the last share, in their order. */
  readonly train: readonly A[];
  /** The last share, in its order. */
  readonly test: readonly A[];
  /** How they came apart, in clauses for people; nothing where they were published so. */
  readonly remarks?: readonly string[];
}

/** How many of `size` samples are held out. A share between 0 and 1 leaves both sides at least one, if there are two. */
const heldOutOf = (size: number, share: number): number => {
  const nearest = Math.round(share * size);
  return share === 0 || share === 1 ? nearest : Math.min(Math.max(nearest, 1), size - 1);
};

const shareRange = { type: "number", least: 0, most: 1 } as const;

/** Whether a share can be held out. Errors: "configuration" for one that is not within 0…1. */
export const checkShare = (testShare: number): Either<Failure, void> =>
  checkNumbers("the data", { testShare: shareRange }, { testShare });

/**
 * Splits samples of which no split is published: the last `share` of them (0…1), in the order in which they are listed, is
 * the test split. The end and not a random choice, because neighbours in a recording are all but the same picture.
 *
 * @throws RangeError for a share that is not within 0…1: a bug of the caller.
 */
export const holdOut = <A>(sources: readonly A[], share: number): HeldOut<A> => {
  requireNumbers("holding out", { share: shareRange }, { share });
  const border = sources.length - (sources.length === 0 ? 0 : heldOutOf(sources.length, share));
  return { train: sources.slice(0, border), test: sources.slice(border) };
};

const heldOutRemark = (held: number, all: number): string =>
  held === 0
    ? `none of ${all} is held out for testing`
    : held < all
    ? `the last ${held} of ${all} are held out for testing`
    : `all ${all} are tested on, none is held out`;

/** {@link holdOut}, which says so. */
export const holdOutTold = <A>(sources: readonly A[], share: number): HeldOut<A> => {
  const splits = holdOut(sources, share);
  return { ...splits, remarks: [heldOutRemark(splits.test.length, sources.length)] };
};

/** A data set in the layout in which it was published. */
export interface PublishedDataset extends Dataset {
  /** What was left out, because it is no sample; those that are merely unreadable are not. */
  readonly omitted: readonly Omission[];
}

/** The distinct labels of scenes, sorted: their order is that of the class indices. */
export const sceneLabels = (entries: readonly SampleEntry[]): readonly string[] =>
  [...new Set(entries.flatMap(({ scene }) => scene === null ? [] : [scene]))].sort();

const listOmissions = (omitted: readonly Omission[]): string =>
  omitted.map(({ what, count }) => `; left out were ${count} ${what}`).join("");

/**
 * The data set of these samples; its scenes are those of the training split. `name` is what messages call it.
 *
 * Errors: "data" if there is no sample at all; one split alone may be empty, as when all is held out.
 */
export const publishedDataset = (
  name: string,
  { train, test, remarks = [] }: HeldOut<SampleSource>,
  omissions: readonly Omission[] = [],
): Either<Failure, PublishedDataset> => {
  const omitted = omissions.filter(({ count }) => count > 0);
  if (train.length + test.length === 0) {
    return E.left(failure("data", name, `no sample${listOmissions(omitted)}`, "at least one image with its depth map"));
  }
  const splits = { train: splitOf(train), test: splitOf(test) };
  return E.right({ name, scenes: sceneLabels(train), ...splits, omitted, remarks });
};

/**
 * The kind of scene that the folder of a recording of NYU Depth V2 tells: `kitchen` for `kitchen_0028a`, and for
 * `kitchen_0028a_out` as DenseDepth calls it; null for any other name, such as KITTI's `2011_09_26`.
 */
export const nyuSceneOf = (folder: string): string | null =>
  /^([a-z]+(?:_[a-z]+)*?)(?:_\d+[a-z]?)?(?:_out)?$/.exec(folder)?.[1] ?? null;
