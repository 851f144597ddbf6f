import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { type Dataset, type SampleSource, splitOf } from "./dataset.ts";
import { holdOut } from "./hold_out.ts";
import { type NyuContents, type NyuFile, openNyu, readNyu } from "./nyu_depth_v2_file.ts";
import { nyuOfficialSplit, nyuSamples } from "./nyu_depth_v2_split.ts";
import type { Intrinsics } from "./sample.ts";

/** Which file, and what of it. */
export interface NyuDepthV2Options {
  /** The path of `nyu_depth_v2_labeled.mat`. */
  readonly file: string;
  /**
   * "filled": the depths whose holes were filled in by colorization; they are the benchmark's ground truth, and what is
   * used if nothing is said. "raw": as the sensor measured, 0 in holes.
   */
  readonly depth?: "filled" | "raw";
  /** What scenes are labelled with: the type of room (27 of them), which is usual, or the room itself. */
  readonly labels?: "sceneTypes" | "scenes";
  /** The share (over 0, under 1) that is the test split, of a file with other samples than the published 1449. */
  readonly testShare?: number;
}

/**
 * The camera that took the colour pictures, as its owners calibrated it (`camera_params.m` of their toolbox), for
 * pictures of 640 by 480 pixels. They count pixels from 1 at pixel centres, while here the first centre is at 0.5: the
 * principal point is half a pixel less than theirs (325.582449, 253.736166).
 */
export const nyuIntrinsics: Intrinsics = { fx: 518.857901, fy: 519.469611, cx: 325.082449, cy: 253.236166 };

const wantedOf = ({ file, depth, labels }: NyuDepthV2Options): NyuFile => ({
  path: file,
  depths: depth === "raw" ? "rawDepths" : "depths",
  labels: labels ?? "sceneTypes",
});

const sourcesOf = (wanted: NyuFile, contents: NyuContents): readonly SampleSource[] => {
  const intrinsics = contents.width === 640 && contents.height === 480 ? nyuIntrinsics : null;
  return contents.labels.map((scene, index) => {
    const [name, where] = [`nyu_${String(index + 1).padStart(4, "0")}`, `${wanted.path}, sample ${index + 1}`];
    const read = pipe(
      readNyu(wanted, contents, index, where),
      TE.map(({ image, depth }) => ({ name, image, depth, scene, intrinsics })),
    );
    return { name, scene, where, read };
  });
};

/** The official split where it fits, or else the last share; and how the data set is called. */
const splitSources = (path: string, sources: readonly SampleSource[], share: number | undefined) => {
  if (sources.length === nyuSamples) {
    return E.right({ name: `${path} (official split)`, ...nyuOfficialSplit(sources) });
  }
  const found = `${sources.length} samples, which have no official split`;
  if (share === undefined) {
    return E.left(failure("data", path, found, `the published ${nyuSamples}`, "Give testShare to hold out the last."));
  }
  if (!(share > 0 && share < 1)) {
    return E.left(failure("data", `${path}, testShare`, String(share), "a share over 0 and under 1"));
  }
  if (sources.length < 2) return E.left(failure("data", path, "a single sample", "one to train on and one to test"));
  const split = holdOut(sources, share);
  const name =
    `${path} (${sources.length} samples: not the official split, the last ${split.test.length} are the test)`;
  return E.right({ name, ...split });
};

const datasetOf = (
  path: string,
  sources: readonly SampleSource[],
  share: number | undefined,
): Either<Failure, Dataset> =>
  pipe(
    splitSources(path, sources, share),
    E.map(({ name, train, test }) => {
      const scenes = [...new Set(train.flatMap(({ scene }) => scene === null ? [] : [scene]))].sort();
      return { name, scenes, train: splitOf(train), test: splitOf(test) };
    }),
  );

/**
 * NYU Depth V2, labelled (Silberman et al. 2012), from `nyu_depth_v2_labeled.mat` as it is published (MATLAB 7.3, 2.8
 * GB, depth in metres): 1449 pictures of 640 by 480 pixels, of which 795 are for training and 654 for the test. Samples
 * are read where they lie in the file, each when it is asked for, and are named by their number in it, from 1.
 *
 * Errors: "file"; "format" for another MATLAB version, damage, and missing or wrong arrays; "data" for depth that is
 * negative, not finite or nowhere measured, and for a file with other samples without a `testShare`.
 */
export const nyuDepthV2 = (options: NyuDepthV2Options): TaskEither<Failure, Dataset> => {
  const wanted = wantedOf(options);
  return pipe(
    openNyu(wanted),
    TE.chainEitherK((contents) => datasetOf(options.file, sourcesOf(wanted, contents), options.testShare)),
  );
};
