import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import {
  checkShare,
  holdOutTold,
  type Intrinsics,
  type PublishedDataset,
  publishedDataset,
  type SampleSource,
} from "./dataset.ts";
import { belowRoot, firstOf, folderName, inBatches, readFolder, type TextLine, textLines } from "./folders.ts";
import { type DepthCoding, listedAt, ofBits, originalsOf, pairCamera, readPair, scaledDepth } from "./pair.ts";

/** Something at a point in time. */
export interface Timed {
  /** Whole microseconds since any epoch, the same for all. */
  readonly microseconds: number;
}

interface Candidate<A, B> {
  readonly first: A;
  readonly second: B;
  readonly difference: number;
}

const byTime = (a: Timed, b: Timed): number => a.microseconds - b.microseconds;

/** All pairs less than `within` apart. `first` and `second` are sorted by time. */
const candidatesOf = <A extends Timed, B extends Timed>(
  first: readonly A[],
  second: readonly B[],
  within: number,
): readonly Candidate<A, B>[] => {
  const candidates: Candidate<A, B>[] = [];
  let start = 0;
  for (const one of first) {
    while ((second[start]?.microseconds ?? Infinity) <= one.microseconds - within) start++;
    for (let at = start; (second[at]?.microseconds ?? Infinity) < one.microseconds + within; at++) {
      const other = second[at];
      if (other === undefined) break;
      candidates.push({ first: one, second: other, difference: Math.abs(byTime(one, other)) });
    }
  }
  return candidates;
};

/**
 * Pairs of what was recorded at almost the same time: of all pairs less than `within` microseconds apart the closest is
 * taken, then the closest of those whose two members are still free, and so on; of equally close ones the earlier. In the
 * order of `first`'s times; each member is in one pair at most. Source: `associate.py` of the TUM RGB-D benchmark. Takes
 * memory for every candidate, so many at the same time are for the caller to refuse.
 */
export const associate = <A extends Timed, B extends Timed>(
  first: readonly A[],
  second: readonly B[],
  within: number,
): readonly (readonly [A, B])[] => {
  const candidates = candidatesOf([...first].sort(byTime), [...second].sort(byTime), within);
  const taken = new Set<Timed>();
  const pairs: (readonly [A, B])[] = [];
  const closestFirst = [...candidates].sort((a, b) =>
    a.difference - b.difference || byTime(a.first, b.first) || byTime(a.second, b.second)
  );
  for (const { first: one, second: other } of closestFirst) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    pairs.push([one, other]);
  }
  return pairs.sort(([a], [b]) => byTime(a, b));
};

/** One line of `rgb.txt` or `depth.txt`. */
export interface TumFrame extends Timed {
  /** The file's path, relative to the list's folder. */
  readonly path: string;
  /** The line of the list, counted from 1. */
  readonly line: number;
}

const expectedLine = "TIMESTAMP PATH, the timestamp in seconds";

/** No camera takes more frames than this within {@link crowdTime}; a list that does is in another unit than seconds. */
const crowd = 64;
const crowdTime = 40_000;

const frameOf = (name: string) => ({ text, line }: TextLine): Either<Failure, TumFrame> => {
  const where = `${name}, line ${line}`;
  const [stamp = "", path = "", ...more] = text.split(/[\s,]+/);
  // Seconds as a double are off by less than half a microsecond until the year 2242.
  const microseconds = Math.round(Number(stamp) * 1e6);
  if (path === "" || more.length > 0) {
    return E.left(failure("data", where, `${text.split(/[\s,]+/).length} fields`, expectedLine));
  }
  if (!(Number.isSafeInteger(microseconds) && microseconds >= 0)) {
    return E.left(failure("data", where, `the timestamp ${stamp}`, expectedLine));
  }
  return pipe(belowRoot(path, where), E.map(() => ({ microseconds, path, line })));
};

const withoutCrowd = (name: string) => (frames: readonly TumFrame[]): Either<Failure, readonly TumFrame[]> => {
  const sorted = [...frames].sort((a, b) => a.microseconds - b.microseconds);
  const crowded = sorted.find(({ microseconds }, at) =>
    (sorted[at + crowd]?.microseconds ?? Infinity) - microseconds <= crowdTime
  );
  return crowded === undefined ? E.right(frames) : E.left(
    failure("data", `${name}, line ${crowded.line}`, `more than ${crowd} frames within 40 ms`, "timestamps in seconds"),
  );
};

/**
 * The frames of `rgb.txt` or `depth.txt`: lines of `TIMESTAMP PATH`, comments begin with `#`. In the order of the list.
 *
 * Errors: "data", naming the list and the line, for lines that are none, for paths that leave the folder, and for timestamps
 * that cannot be seconds.
 */
export const parseTumList = (name: string, text: string): Either<Failure, readonly TumFrame[]> =>
  pipe(
    textLines(text).filter((line) => !line.text.startsWith("#")).map(frameOf(name)),
    E.sequenceArray,
    E.chain(withoutCrowd(name)),
  );

/** Where a data set in the layout of TUM RGB-D lies.
 * @category Data */
export interface TumOptions {
  /** A sequence, which holds `rgb.txt` and `depth.txt`, or a folder of sequences. */
  readonly folder: string;
  /** The share of samples, 0…1, that is held out from the end; 0 unless given. */
  readonly testShare?: number | undefined;
  /** Units of a depth map in a metre: the benchmark's 5000 unless given, 1 for floats; 1000 as many recorders write. */
  readonly depthScale?: number | undefined;
}

/** Picture and depth map belong together if they were taken less than this many microseconds apart. */
const within = 20_000;

const codingOf = (depthScale: number | undefined): DepthCoding =>
  ofBits(16, "TUM RGB-D stores depth", scaledDepth(depthScale, 5000));

/** Published calibrations of the colour cameras, whose pixels have their centres at whole numbers from 0 on. */
const cameras: readonly (readonly [name: RegExp, camera: Intrinsics])[] = [
  [/freiburg1/, { fx: 517.3, fy: 516.5, cx: 318.6 + 0.5, cy: 255.3 + 0.5 }],
  [/freiburg2/, { fx: 520.9, fy: 521.0, cx: 325.1 + 0.5, cy: 249.7 + 0.5 }],
  [/freiburg3/, { fx: 535.4, fy: 539.2, cx: 320.1 + 0.5, cy: 247.6 + 0.5 }],
];

const cameraOf = (sequence: string, height: number, width: number): Intrinsics | null =>
  height === 480 && width === 640 ? cameras.find(([name]) => name.test(sequence))?.[1] ?? null : null;

/** What a sequence gives: samples, and how many frames have no partner. */
interface Sequence {
  readonly sources: readonly SampleSource[];
  readonly unpaired: number;
}

const sourceOf = (
  folder: string,
  scene: string | null,
  coding: DepthCoding,
  [image, depth]: readonly [TumFrame, TumFrame],
): SampleSource => {
  const name = scene === null ? image.path : `${scene}/${image.path}`;
  const where = `${folder}/rgb.txt, line ${image.line}, and depth.txt, line ${depth.line}`;
  const files = { image: `${folder}/${image.path}`, depth: `${folder}/${depth.path}` };
  const read = pipe(
    readPair(files, coding),
    TE.map((pair) => {
      const { height, width } = pair.fileSizes?.image ?? pair.image;
      return { ...pair, name, scene, intrinsics: pairCamera(pair, cameraOf(scene ?? "", height, width)) };
    }),
  );
  return { name, scene, where, originals: originalsOf(files), read: listedAt(where, read) };
};

const sequenceOf = (
  folder: string,
  coding: DepthCoding,
  [images = [], depths = []]: readonly (readonly TumFrame[])[],
): Sequence => {
  const pairs = associate(images, depths, within);
  const scene = folderName(folder);
  return {
    sources: pairs.map((pair) => sourceOf(folder, scene, coding, pair)),
    unpaired: images.length + depths.length - 2 * pairs.length,
  };
};

const readFrames = (list: string): TaskEither<Failure, readonly TumFrame[]> =>
  pipe(readText(list), TE.chainEitherK((text) => parseTumList(list, text)));

const readSequence = (coding: DepthCoding) => (folder: string): TaskEither<Failure, Sequence> =>
  pipe(
    TE.sequenceArray([readFrames(`${folder}/rgb.txt`), readFrames(`${folder}/depth.txt`)]),
    TE.map((frames) => sequenceOf(folder, coding, frames)),
  );

const isSequence = (folder: string): TaskEither<Failure, string | null> =>
  pipe(firstOf([`${folder}/rgb.txt`, `${folder}/depth.txt`], "file"), TE.map((list) => list === null ? null : folder));

const someSequence = (folder: string, sequences: readonly string[]): Either<Failure, readonly string[]> =>
  sequences.length > 0 ? E.right(sequences) : E.left(
    failure("data", folder, "no sequence", "rgb.txt and depth.txt, in the folder or in folders of it"),
  );

/** The folder itself if it is a sequence, else those in it, links to folders included, sorted. */
const sequencesIn = (folder: string): TaskEither<Failure, readonly string[]> =>
  pipe(
    isSequence(folder),
    TE.chain((itself) =>
      itself !== null ? TE.right([itself]) : pipe(
        readFolder(folder),
        TE.map(({ files, folders }) => [...files, ...folders].sort().map((name) => `${folder}/${name}`)),
        TE.chain((folders) => inBatches(folders, isSequence)),
        TE.map((found) => found.filter((each) => each !== null)),
        TE.chainEitherK((found) => someSequence(folder, found)),
      )
    ),
  );

/**
 * Sequences of the TUM RGB-D benchmark (Sturm and others): `rgb.txt` and `depth.txt` list frames by timestamp. A picture
 * goes with the depth map that was taken less than 20 ms from it, each used once, the closest first, as the benchmark's
 * `associate.py` does; frames without a partner are left out and counted. Depth: PNGs of 16 bits, 5000 = 1 m or
 * `depthScale`, 0 = no measurement. The scene is the sequence's name. No split is published. Intrinsics are the benchmark's calibration where
 * the sequence's name tells the camera (freiburg1 to 3) and the picture has 640×480 pixels; lens distortion, which the
 * pictures of freiburg1 and 2 have, is not corrected.
 *
 * Errors: "file", "format" and "data", naming the file and the lines. "configuration" for a share outside 0…1.
 * @throws RangeError for a scale that is not above 0.
 * @category Data
 */
export const tumDataset = (
  { folder, testShare = 0, depthScale }: TumOptions,
): TaskEither<Failure, PublishedDataset> =>
  pipe(
    TE.fromEither(checkShare(testShare)),
    TE.chain(() => sequencesIn(folder)),
    TE.chain((sequences) => inBatches(sequences, readSequence(codingOf(depthScale)))),
    TE.chainEitherK((sequences) => {
      const count = sequences.reduce((sum, { unpaired }) => sum + unpaired, 0);
      const sources = sequences.flatMap((sequence) => sequence.sources);
      return publishedDataset(folder, holdOutTold(sources, testShare), [{
        what: "frames without a partner within 20 ms",
        count,
      }]);
    }),
  );
