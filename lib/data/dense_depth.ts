import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { basename } from "../dependencies/text.ts";
import { type Failure, failure } from "../errors.ts";
import { readText } from "../formats/files.ts";
import { type CsvRow, parseRows } from "./csv.ts";
import {
  checkShare,
  type HeldOut,
  holdOutTold,
  nyuSceneOf,
  type PublishedDataset,
  publishedDataset,
  type SampleSource,
} from "./dataset.ts";
import { belowRoot, firstOf } from "./folders.ts";
import { atMost, type DepthCoding, linearDepth, ofBits, pairSource } from "./pair.ts";

/** What depth maps of whole numbers hold: levels of 8 or of 16 bits whose white is 10 m, or millimetres of 16 bits.
 * @category Data */
export type DenseDepthCoding = "8-bit-10m" | "16-bit-10m" | "16-bit-mm";

/** Where a data set in the layout of DenseDepth lies.
 * @category Data */
export interface DenseDepthOptions {
  /** The folder that was unpacked: the one that holds the folder `data`, or `data` itself. */
  readonly folder: string;
  /** The folder at which the paths of images begin; unless given, as unpacked. */
  readonly imageRoot?: string | undefined;
  /** The folder at which the paths of depth maps begin; that of the images unless given. */
  readonly depthRoot?: string | undefined;
  /** The path of the list of training samples; unless given, `nyu2_train.csv` in the folder or in its folder `data`. */
  readonly list?: string | undefined;
  /** The path of the list of test samples; unless given, `nyu2_test.csv` likewise. If it alone is given, it may be alone. */
  readonly testList?: string | undefined;
  /** What training depth is; unless given, 8 or 16 bits as found, white = 10 m. */
  readonly trainDepth?: DenseDepthCoding | undefined;
  /** What test depth is; unless given, as found: 8 bits, white = 10 m, or 16 bits, millimetres. */
  readonly testDepth?: DenseDepthCoding | undefined;
  /** The share of samples, 0…1, that is held out where there is no list of test samples; 0 unless given. */
  readonly testShare?: number | undefined;
}

/** The pair of a line, relative to the folder that the list's paths begin at. */
export interface DenseDepthEntry {
  /** The picture's path. */
  readonly image: string;
  /** The depth map's path. */
  readonly depth: string;
  /** The line of the list, counted from 1. */
  readonly line: number;
}

const farthest = 10;

const codings: Readonly<Record<DenseDepthCoding, DepthCoding>> = {
  "8-bit-10m": ofBits(8, "declared (8-bit-10m: 255 = 10 m)", linearDepth(255 / farthest)),
  "16-bit-10m": ofBits(16, "declared (16-bit-10m: 65535 = 10 m)", linearDepth(65535 / farthest)),
  "16-bit-mm": atMost(
    farthest,
    `at most ${farthest} m, where NYU Depth V2 ends`,
    "If 65535 means 10 m, declare the depth as 16-bit-10m.",
    ofBits(16, "declared (16-bit-mm: millimetres)", linearDepth(1000)),
  ),
};

const codingOf = (declared: DenseDepthCoding | undefined, of16Bits: DenseDepthCoding): DepthCoding => (stored, path) =>
  codings[declared ?? (stored.bitDepth === 8 ? "8-bit-10m" : of16Bits)](stored, path);

const entryOf = (name: string) => ({ fields, line }: CsvRow): Either<Failure, DenseDepthEntry> => {
  const where = `${name}, line ${line}`;
  const [image = "", depth = ""] = fields;
  if (fields.length !== 2 || image === "" || depth === "") {
    const found = fields.length === 2 ? "an empty field" : `${fields.length} fields`;
    return E.left(failure("data", where, found, "IMAGE,DEPTH, without a line of headings"));
  }
  return pipe(
    E.sequenceArray([image, depth].map((path) => belowRoot(path, where))),
    E.map(() => ({ image, depth, line })),
  );
};

/**
 * The entries of a list in the layout of DenseDepth. Errors: "data", naming the list and the line, for lines that are none
 * and for paths that leave the folder.
 */
export const parseDenseDepthList = (name: string, text: string): Either<Failure, readonly DenseDepthEntry[]> =>
  pipe(parseRows(name, text), E.chain((rows) => E.sequenceArray(rows.map(entryOf(name)))));

/** `classroom_0004_out` of `data/nyu2_train/classroom_0004_out/1.jpg`; the test pictures lie in no such folder. */
const sceneOf = (image: string): string | null => {
  const recording = /(?:^|\/)nyu2_train\/([^/]+)\//.exec(image)?.[1];
  return recording === undefined ? null : nyuSceneOf(recording);
};

/** The lists of a folder, null for none, and how a path that they give is found in it. */
interface Unpacked {
  readonly train: string | null;
  readonly test: string | null;
  readonly image: (path: string) => string;
  readonly depth: (path: string) => string;
}

/** Listed paths begin at the folder that holds `data`; in `data` itself they do without that beginning. */
const unpackedIn = (options: DenseDepthOptions): TaskEither<Failure, Unpacked> => {
  const { folder, list, testList, imageRoot, depthRoot = imageRoot } = options;
  const found = (name: string) => firstOf([`${folder}/${name}`, `${folder}/data/${name}`], "file");
  const wanted = [
    list === undefined ? found("nyu2_train.csv") : TE.right(list),
    testList === undefined ? found("nyu2_test.csv") : TE.right(testList),
    firstOf([`${folder}/data`], "folder"),
  ];
  return pipe(
    TE.sequenceArray(wanted),
    TE.map(([train = null, test = null, data]) => {
      const below = (root: string | undefined) => (path: string): string =>
        root !== undefined ? `${root}/${path}` : `${folder}/${data === null ? path.replace(/^data\//, "") : path}`;
      return {
        train: train ?? (testList === undefined ? `${folder}/nyu2_train.csv` : null),
        test,
        image: below(imageRoot),
        depth: below(depthRoot),
      };
    }),
  );
};

const readList = (
  list: string,
  paths: Unpacked,
  coding: DepthCoding,
): TaskEither<Failure, readonly SampleSource[]> =>
  pipe(
    readText(list),
    TE.chainEitherK((text) => parseDenseDepthList(list, text)),
    TE.map((entries) =>
      entries.map(({ image, depth, line }) =>
        pairSource(
          { name: image, scene: sceneOf(image), where: `${list}, line ${line}` },
          { image: paths.image(image), depth: paths.depth(depth) },
          coding,
        )
      )
    ),
  );

/**
 * The part of NYU Depth V2 that came with DenseDepth (Alhashim and Wonka): `nyu2_train.csv` and `nyu2_test.csv`, in the
 * folder or in its folder `data`, without headings, lines of `IMAGE,DEPTH` whose paths begin with `data/`. As published, the
 * training depth has 8 bits, 255 = 10 m, holes filled, and the test depth 16 bits in millimetres; training depth of 16
 * bits with 65535 = 10 m, as in the paper's preparation, is told by its bits. The scene of a training sample is what its
 * folder tells; test samples have none. Intrinsics are null.
 *
 * Errors: "file", "format" and "data", naming the file and the line; "data" as well where the bits of a depth map are not
 * the declared ones, or millimetres exceed 10 m; "configuration" for a share outside 0…1.
 * @category Data
 */
export const denseDepthDataset = (options: DenseDepthOptions): TaskEither<Failure, PublishedDataset> => {
  const { trainDepth, testDepth, testShare = 0 } = options;
  const splitsOf = (unpacked: Unpacked): TaskEither<Failure, HeldOut<SampleSource>> => {
    const { train, test } = unpacked;
    return pipe(
      TE.sequenceArray([
        train === null ? TE.right([]) : readList(train, unpacked, codingOf(trainDepth, "16-bit-10m")),
        test === null ? TE.right([]) : readList(test, unpacked, codingOf(testDepth, "16-bit-mm")),
      ]),
      TE.map(([own = [], tested = []]) =>
        test === null
          ? holdOutTold(own, testShare)
          : { train: own, test: tested, remarks: [`tested are the lines of ${basename(test)}`] }
      ),
    );
  };
  return pipe(
    TE.fromEither(checkShare(testShare)),
    TE.chain(() => unpackedIn(options)),
    TE.chain((unpacked) =>
      pipe(
        splitsOf(unpacked),
        TE.chainEitherK((splits) => publishedDataset(unpacked.train ?? unpacked.test ?? options.folder, splits)),
      )
    ),
  );
};
