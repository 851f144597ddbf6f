import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { type Dataset, holdOut, type Intrinsics, type SampleSource, splitOf } from "./dataset.ts";
import { type NyuContents, type NyuFile, openNyu, readNyu } from "./nyu_depth_v2_file.ts";

/** How many samples the published file has. */
export const nyuSamples: number = 1449;

/** The official test split, counted from 1 as in the published `splits.mat`; all others are for training. */
const testNumbers = `
  1-2 9 14-18 21 28-43 46-47 56-57 59-63 76-79 84-91 117-119 125-129 131-134 137 153-155 167-169 171-176 180-202
  207-212 220-222 250 264 271-273 279-285 296-302 310-312 315-317 325-335 351-352 355-364 384-390 395-397 411-414
  430-435 441-448 462-466 469-477 508-513 515-526 531-533 537-539 549-551 555-571 579-583 591-594 603-607 612-613
  617-621 633-638 644-645 650-651 656-658 663-664 668-673 676-681 686-690 693-694 697-699 706-713 717-718 724-728
  731-734 743-744 759-787 800-804 810-814 821-823 833-846 850-852 857-862 869-871 906-908 917-919 926-928 932-935
  945-947 959-962 965-967 970-977 991-995 1001-1004 1010-1012 1021-1023 1032-1034 1038-1039 1048-1049 1052-1053
  1057-1058 1075-1084 1088-1096 1098-1104 1106-1109 1117-1119 1123-1131 1135-1136 1144-1158 1162-1167 1170-1171
  1174-1176 1179-1184 1192-1196 1201-1212 1216-1220 1226-1230 1233-1235 1247-1250 1254-1265 1275-1280 1285-1295
  1297-1299 1302-1308 1314-1315 1329-1332 1335-1340 1347-1349 1353-1356 1364-1365 1368-1369 1384-1391 1394-1401
  1407-1414 1421-1424 1430-1433 1441-1449`;

const rangeOf = (text: string): readonly number[] => {
  const [first = 0, last = first] = text.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
};

/**
 * The official split of what belongs to the {@link nyuSamples} samples of NYU Depth V2 (Silberman et al. 2012), 795 for
 * training and 654 for the test, both in the file's order. No scene is in both.
 *
 * @throws RangeError for another number of samples: a bug of the caller.
 */
export const nyuOfficialSplit = <A>(
  samples: readonly A[],
): { readonly train: readonly A[]; readonly test: readonly A[] } => {
  if (samples.length !== nyuSamples) throw new RangeError(`${samples.length} samples have no official split`);
  const test = new Set(testNumbers.trim().split(/\s+/).flatMap(rangeOf));
  return {
    train: samples.filter((_, index) => !test.has(index + 1)),
    test: samples.filter((_, index) => test.has(index + 1)),
  };
};

/** Which file, and what of it.
 * @category Data */
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
  /** The share (over 0, at most 1) that is the test split, of a file with other samples than the published 1449. */
  readonly testShare?: number;
}

/**
 * The camera that took the colour pictures, as its owners calibrated it (`camera_params.m` of their toolbox), for
 * pictures of 640 by 480 pixels. They count pixels from 1 at pixel centres, while here the first centre is at 0.5: the
 * principal point is half a pixel less than theirs (325.582449, 253.736166).
 * @category Data
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
  if (!(share > 0 && share <= 1)) {
    return E.left(failure("data", `${path}, testShare`, String(share), "a share over 0 and at most 1"));
  }
  if (share < 1 && sources.length < 2) {
    return E.left(failure("data", path, "a single sample", "one to train on and one to test"));
  }
  const split = holdOut(sources, share);
  const name =
    `${path} (${sources.length} samples: not the official split, the last ${split.test.length} are the test)`;
  return E.right({ name, train: split.train, test: split.test });
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
 * @category Data
 */
export const nyuDepthV2 = (options: NyuDepthV2Options): TaskEither<Failure, Dataset> => {
  const wanted = wantedOf(options);
  return pipe(
    openNyu(wanted),
    TE.chainEitherK((contents) => datasetOf(options.file, sourcesOf(wanted, contents), options.testShare)),
  );
};
