import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { readBytes, readText } from "../formats/files.ts";
import { depthFileFormats, formatNames, isDepthFile, isPicture, pictureFormats } from "../formats/picture_formats.ts";
import {
  checkShare,
  holdOutTold,
  type Intrinsics,
  type PublishedDataset,
  publishedDataset,
  type Sample,
  type SampleSource,
} from "./dataset.ts";
import { type Folder, inBatches, kindOf, readFolder } from "./folders.ts";
import { isSunFrame } from "./layout.ts";
import {
  type DepthCoding,
  floatDepth,
  listedAt,
  metresBy,
  ofBits,
  pairCamera,
  type PairFiles,
  readPair,
} from "./pair.ts";

/** How deep below its root SUN RGB-D is searched: the published one has frames at up to five folders below. */
const deepest = 8;

/** How many folders are opened in the search: the published one has 10,335 frames. */
const mostFolders = 200_000;

interface Opened {
  readonly path: string;
  readonly folder: Folder;
}

const open = (path: string): TaskEither<Failure, Opened> =>
  pipe(readFolder(path), TE.map((folder) => ({ path, folder })));

/** The folders in those that are no frames. */
const below = (level: readonly Opened[]): readonly string[] =>
  level.flatMap(({ path, folder }) => isSunFrame(folder) ? [] : folder.folders.map((name) => `${path}/${name}`));

const tooMany = (root: string): Failure =>
  failure("data", root, `more than ${mostFolders} folders`, "the folder of SUN RGB-D");

/**
 * The folders of frames in a folder, itself included, sorted; links to folders are not followed. Errors: "file" for a folder
 * that cannot be read, "data" if there are far more folders than SUN RGB-D has.
 */
const sunFrameFolders = (root: string): TaskEither<Failure, readonly string[]> => async () => {
  const frames: string[] = [];
  let level: readonly string[] = [root];
  let opened = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    opened += level.length;
    if (opened > mostFolders) return E.left(tooMany(root));
    const folders = await inBatches(level, open)();
    if (folders._tag === "Left") return folders;
    frames.push(...folders.right.filter(({ folder }) => isSunFrame(folder)).map(({ path }) => path));
    level = below(folders.right);
  }
  return E.right(frames.sort());
};

const expected = "nine numbers, fx 0 cx, 0 fy cy, 0 0 1, with fx and fy above 0";

/**
 * The camera of `intrinsics.txt`, a 3×3 matrix by rows. Its pixels have their centres at whole numbers from 1 on, as the
 * toolbox of SUN RGB-D projects them (`read_3d_pts_general.m`), so that half a pixel is taken off the optical axis. Null
 * for a camera with skew, which {@link Intrinsics} cannot tell.
 *
 * Errors: "data" for anything but such a matrix.
 */
export const parseSunIntrinsics = (path: string, text: string): Either<Failure, Intrinsics | null> => {
  const fields = text.trim().split(/\s+/);
  const numbers = fields.map(Number);
  const [fx = 0, skew = 0, cx = 0, below = 0, fy = 0, cy = 0, ...last] = numbers;
  const sound = numbers.length === 9 && numbers.every(Number.isFinite) && fx > 0 && fy > 0 && below === 0 &&
    last.join() === "0,0,1";
  if (!sound) {
    const found = numbers.length === 9 ? `the numbers ${fields.join(" ").slice(0, 200)}` : `${fields.length} fields`;
    return E.left(failure("data", path, found, expected));
  }
  return E.right(skew === 0 ? { fx, fy, cx: cx - 0.5, cy: cy - 0.5 } : null);
};

/** Where a data set in the layout of SUN RGB-D lies, and which of its depths is taken.
 * @category Data */
export interface SunOptions {
  /** The folder `SUNRGBD`, a part of it, or a single frame. */
  readonly folder: string;
  /** `depth/` as measured, or `depth_bfx/`, whose holes the authors filled from neighbouring frames; "raw" unless given. */
  readonly depth?: "raw" | "filled" | undefined;
  /** What lies beyond 8 m: set to 8 m as by the toolbox of SUN RGB-D, or no measurement; "clip" unless given. */
  readonly beyond?: "clip" | "invalid" | undefined;
  /** The share of samples, 0…1, that is held out from the end; 0 unless given. */
  readonly testShare?: number | undefined;
}

const farthest = 8;

/** Millimetres with their bits rotated left by 3 in 16; floating-point numbers are metres. */
const coding = (beyond: "clip" | "invalid"): DepthCoding => {
  const within = (metres: number): number => metres <= farthest ? metres : beyond === "clip" ? farthest : 0;
  return ofBits(
    16,
    "SUN RGB-D stores depth",
    (stored, path) =>
      stored.isFloat
        ? pipe(floatDepth()(stored, path), E.map((metres) => metres.map(within)))
        : E.right(metresBy(stored.values, (level) => within((level >> 3 | (level << 13 & 0xffff)) / 1000))),
  );
};

const depthFolders = { raw: "depth", filled: "depth_bfx" } as const;

const onlyFile = (folder: string, isOne: (name: string) => boolean, what: string): TaskEither<Failure, string> =>
  pipe(
    readFolder(folder),
    TE.chainEitherK(({ files }): Either<Failure, string> => {
      const [file, ...more] = files.filter(isOne);
      return file !== undefined && more.length === 0
        ? E.right(`${folder}/${file}`)
        : E.left(failure("data", folder, `${more.length + (file === undefined ? 0 : 1)} of them`, `one ${what}`));
    }),
  );

const filesOf = (frame: string, depth: "raw" | "filled"): TaskEither<Failure, PairFiles> =>
  pipe(
    onlyFile(`${frame}/image`, isPicture, `picture (${formatNames(pictureFormats)})`),
    TE.chain((image) =>
      pipe(
        onlyFile(`${frame}/${depthFolders[depth]}`, isDepthFile, `depth map (${formatNames(depthFileFormats)})`),
        TE.map((map) => ({ image, depth: map })),
      )
    ),
  );

const readIntrinsics = (frame: string): TaskEither<Failure, Intrinsics | null> => {
  const path = `${frame}/intrinsics.txt`;
  return pipe(readText(path, "settings"), TE.chainEitherK((text) => parseSunIntrinsics(path, text)));
};

type Options = Required<Pick<{ [K in keyof SunOptions]: NonNullable<SunOptions[K]> }, "folder" | "depth" | "beyond">>;

const readSample = (
  frame: string,
  options: Options,
  entry: Pick<Sample, "name" | "scene">,
): TaskEither<Failure, Sample> =>
  pipe(
    filesOf(frame, options.depth),
    TE.chain((files) => readPair(files, coding(options.beyond))),
    TE.chain((pair) =>
      pipe(
        readIntrinsics(frame),
        TE.map((intrinsics) => ({ ...pair, ...entry, intrinsics: pairCamera(pair, intrinsics) })),
      )
    ),
  );

/** The label of `scene.txt`; null if there is none. */
const readScene = (frame: string): TaskEither<Failure, string | null> => {
  const path = `${frame}/scene.txt`;
  return pipe(
    kindOf(path),
    TE.chain((kind) => kind === null ? TE.right("") : readText(path)),
    TE.map((text) => text.trim() === "" ? null : text.trim()),
  );
};

const sourceOf = (options: Options) => (frame: string): TaskEither<Failure, SampleSource> =>
  pipe(
    readScene(frame),
    TE.map((scene) => {
      const name = frame === options.folder ? frame : frame.slice(options.folder.length + 1);
      const read = listedAt(frame, readSample(frame, options, { name, scene }));
      const original = (file: keyof PairFiles) =>
        pipe(filesOf(frame, options.depth), TE.chain((files) => readBytes(files[file])));
      const originals = { image: original("image"), depth: original("depth") };
      return { name, scene, where: frame, originals, read };
    }),
  );

/**
 * SUN RGB-D (Song, Lichtenberg and Xiao): a folder a frame, with `image/`, `depth/` and `depth_bfx/` of one file each,
 * `intrinsics.txt` and `scene.txt`, found at any depth up to eight folders below the given one. Depth: PNGs of 16 bits,
 * millimetres with the bits rotated, `(v >> 3) | (v << 13)`, 0 = no measurement. Samples are in the order of their paths,
 * named by them; the published split (`allsplit.mat`) is not read, so that the end is held out.
 *
 * Errors: "file", "format" and "data", naming the file or the folder; "configuration" for a share outside 0…1.
 * @category Data
 */
export const sunDataset = (options: SunOptions): TaskEither<Failure, PublishedDataset> => {
  const { folder, depth = "raw", beyond = "clip", testShare = 0 } = options;
  return pipe(
    TE.fromEither(checkShare(testShare)),
    TE.chain(() => sunFrameFolders(folder)),
    TE.chain((frames) => inBatches(frames, sourceOf({ folder, depth, beyond }))),
    TE.chainEitherK((sources) => publishedDataset(folder, holdOutTold(sources, testShare))),
  );
};
