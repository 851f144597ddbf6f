import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { basename, dirname } from "../dependencies/text.ts";
import { type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import {
  checkShare,
  holdOutTold,
  nyuSceneOf,
  type Omission,
  type PublishedDataset,
  publishedDataset,
  type SampleSource,
} from "./dataset.ts";
import { belowRoot, type TextLine, textLines } from "./folders.ts";
import { type DepthCoding, ofBits, pairSource, scaledDepth } from "./pair.ts";

/** A list in the layout of BTS, and the folders at which its paths begin.
 * @category Data */
export interface BtsList {
  /** The list's path, such as `nyudepthv2_train_files_with_gt.txt`. */
  readonly list: string;
  /** The folder at which the paths of pictures begin; the list's own unless given. */
  readonly imageRoot?: string | undefined;
  /** The folder at which the paths of depth maps begin; that of the pictures unless given (KITTI has two). */
  readonly depthRoot?: string | undefined;
}

/** Where a data set in the layout of BTS lies.
 * @category Data */
export interface BtsOptions {
  /** What is trained on; without it, nothing. */
  readonly train?: BtsList | undefined;
  /** What is evaluated on; without it, the last `testShare` of the training list. There is at least one of both. */
  readonly test?: BtsList | undefined;
  /** The share of samples, 0…1, that is held out where there is no test list; 0 unless given. */
  readonly testShare?: number | undefined;
  /** Units of a depth map in a metre: 1000 unless given, as for NYU, 256 for KITTI; 1 for floating-point numbers. */
  readonly depthScale?: number | undefined;
}

/** One line of a list; paths are relative to their roots. */
export interface BtsEntry {
  /** The picture's path. */
  readonly image: string;
  /** The depth map's path; null for `None`: there is no ground truth. */
  readonly depth: string | null;
  /** The focal length in pixels; null where the line has none. */
  readonly focal: number | null;
  /** The line of the list, counted from 1. */
  readonly line: number;
}

const expectedLine = "IMAGE DEPTH or IMAGE DEPTH FOCAL, where DEPTH may be None and FOCAL is in pixels";

/** The published lists begin paths with a slash and mean: below the root. */
const listedPath = (path: string, where: string): Either<Failure, string> =>
  pipe(
    belowRoot(path.replace(/^\/+/, ""), where),
    E.filterOrElse((below) => below !== "", () => failure("data", where, `the path ${path}`, "a file's path")),
  );

const entryOf = (name: string) => ({ text, line }: TextLine): Either<Failure, BtsEntry> => {
  const where = `${name}, line ${line}`;
  const [image = "", depth = "", focalText, ...more] = text.split(/\s+/);
  const focal = focalText === undefined ? null : Number(focalText);
  if (depth === "" || more.length > 0) {
    return E.left(failure("data", where, `${text.split(/\s+/).length} fields`, expectedLine));
  }
  if (focal !== null && !(focal > 0 && Number.isFinite(focal))) {
    return E.left(failure("data", where, `the focal length ${focalText}`, "a number of pixels above 0"));
  }
  return pipe(
    E.sequenceArray([image, ...(depth === "None" ? [] : [depth])].map((path) => listedPath(path, where))),
    E.map(([imagePath = "", depthPath = null]) => ({ image: imagePath, depth: depthPath, focal, line })),
  );
};

/**
 * The entries of a list in the layout of BTS. Errors: "data", naming the list and the line, for lines that are none and for
 * paths that leave the root.
 */
export const parseBtsList = (name: string, text: string): Either<Failure, readonly BtsEntry[]> =>
  E.sequenceArray(textLines(text).map(entryOf(name)));

/** What a list gives: samples, and how many lines have no ground truth. */
interface Listed {
  readonly sources: readonly SampleSource[];
  readonly withoutDepth: number;
}

const nothing: Listed = { sources: [], withoutDepth: 0 };

const omittedOf = (lists: readonly Listed[]): readonly Omission[] => [{
  what: "lines without ground truth (None)",
  count: lists.reduce((sum, { withoutDepth }) => sum + withoutDepth, 0),
}];

const testedRemark = (list: string): readonly string[] => [`tested are the lines of ${basename(list)}`];

const sourcesOf = (list: BtsList, coding: DepthCoding) => (entries: readonly BtsEntry[]): Listed => {
  const imageRoot = list.imageRoot ?? dirname(list.list);
  const depthRoot = list.depthRoot ?? imageRoot;
  const sources = entries.flatMap(({ image, depth, line }): readonly SampleSource[] =>
    depth === null ? [] : [pairSource(
      { name: image, scene: nyuSceneOf(image.split("/")[0] ?? ""), where: `${list.list}, line ${line}` },
      { image: `${imageRoot}/${image}`, depth: `${depthRoot}/${depth}` },
      coding,
    )]
  );
  return { sources, withoutDepth: entries.length - sources.length };
};

const readList = (coding: DepthCoding) => (list: BtsList): TaskEither<Failure, Listed> =>
  pipe(
    readText(list.list),
    TE.chainEitherK((text) => parseBtsList(list.list, text)),
    TE.map(sourcesOf(list, coding)),
  );

/**
 * A data set listed as BTS ("From Big to Small", Lee and others) does, and many after it: lines of `IMAGE DEPTH FOCAL`, or
 * without FOCAL, apart by spaces, depth in PNGs of 16 bits or another format of `depthFileFormats`, 0 = no measurement. Lines
 * with `None` for DEPTH have no ground truth: they are left out and counted. The scene is the kind that a folder of NYU Depth V2 tells, else null. FOCAL is checked and given by
 * {@link parseBtsList}; intrinsics are null, for the list does not tell where the optical axis meets the picture.
 *
 * Errors: "file", "format" and "data", naming the file and the line. "configuration" for a share outside 0…1.
 * @throws RangeError for a scale that is not above 0, and for no list at all.
 * @category Data
 */
export const btsDataset = (options: BtsOptions): TaskEither<Failure, PublishedDataset> => {
  const { train, test, testShare = 0, depthScale } = options;
  const read = readList(ofBits(16, "lists of BTS go with", scaledDepth(depthScale, 1000)));
  const name = train?.list ?? test?.list;
  if (name === undefined) throw new RangeError("no list of samples");
  return pipe(
    TE.fromEither(checkShare(testShare)),
    TE.chain(() => TE.sequenceArray([train, test].map((list) => list === undefined ? TE.right(nothing) : read(list)))),
    TE.chainEitherK((lists) => {
      const [first = [], second = []] = lists.map(({ sources }) => sources);
      const splits = test === undefined
        ? holdOutTold(first, testShare)
        : { train: first, test: second, remarks: testedRemark(test.list) };
      return publishedDataset(name, splits, omittedOf(lists));
    }),
  );
};
