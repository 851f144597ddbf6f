import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { associate } from "./associate.ts";
import type { SampleSource } from "./dataset.ts";
import { linearDepth, ofBits } from "./depth_coding.ts";
import { firstOf, folderName, inBatches, readFolder } from "./folders.ts";
import { holdOut } from "./hold_out.ts";
import { listedAt, readPair } from "./pair.ts";
import { type PublishedDataset, publishedDataset } from "./published_dataset.ts";
import type { Intrinsics } from "./sample.ts";
import { parseTumList, type TumFrame } from "./tum_list.ts";

/** Where a data set in the layout of TUM RGB-D lies. */
export interface TumOptions {
  /** A sequence, which holds `rgb.txt` and `depth.txt`, or a folder of sequences. */
  readonly folder: string;
  /** The share of samples, 0…1, that is held out from the end; 0 unless given. */
  readonly testShare?: number | undefined;
}

/** Picture and depth map belong together if they were taken less than this many microseconds apart. */
const within = 20_000;

const coding = ofBits(16, "TUM RGB-D stores depth", linearDepth(5000));

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

const sourceOf = (folder: string, scene: string | null, image: TumFrame, depth: TumFrame): SampleSource => {
  const name = scene === null ? image.path : `${scene}/${image.path}`;
  const where = `${folder}/rgb.txt, line ${image.line}, and depth.txt, line ${depth.line}`;
  const read = pipe(
    readPair({ image: `${folder}/${image.path}`, depth: `${folder}/${depth.path}` }, coding),
    TE.map((pair) => {
      const intrinsics = cameraOf(scene ?? "", pair.image.height, pair.image.width);
      return { ...pair, name, scene, intrinsics };
    }),
  );
  return { name, scene, where, read: listedAt(where, read) };
};

const sequenceOf = (folder: string, images: readonly TumFrame[], depths: readonly TumFrame[]): Sequence => {
  const pairs = associate(images, depths, within);
  const scene = folderName(folder);
  return {
    sources: pairs.map(([image, depth]) => sourceOf(folder, scene, image, depth)),
    unpaired: images.length + depths.length - 2 * pairs.length,
  };
};

const readFrames = (list: string): TaskEither<Failure, readonly TumFrame[]> =>
  pipe(readText(list), TE.chainEitherK((text) => parseTumList(list, text)));

const readSequence = (folder: string): TaskEither<Failure, Sequence> =>
  pipe(
    TE.sequenceArray([readFrames(`${folder}/rgb.txt`), readFrames(`${folder}/depth.txt`)]),
    TE.map(([images = [], depths = []]) => sequenceOf(folder, images, depths)),
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
 * `associate.py` does; frames without a partner are left out and counted. Depth: PNGs of 16 bits, 5000 = 1 m, 0 = no
 * measurement. The scene is the sequence's name. No split is published. Intrinsics are the benchmark's calibration where
 * the sequence's name tells the camera (freiburg1 to 3) and the picture has 640×480 pixels; lens distortion, which the
 * pictures of freiburg1 and 2 have, is not corrected.
 *
 * Errors: "file", "format" and "data", naming the file and the lines. @throws RangeError for a share outside 0…1.
 */
export const tumDataset = ({ folder, testShare = 0 }: TumOptions): TaskEither<Failure, PublishedDataset> =>
  pipe(
    sequencesIn(folder),
    TE.chain((sequences) => inBatches(sequences, readSequence)),
    TE.chainEitherK((sequences) => {
      const count = sequences.reduce((sum, { unpaired }) => sum + unpaired, 0);
      const sources = sequences.flatMap((sequence) => sequence.sources);
      return publishedDataset(folder, holdOut(sources, testShare), [{
        what: "frames without a partner within 20 ms",
        count,
      }]);
    }),
  );
