import type { Monoid } from "../dependencies/fp.ts";
import { describe, type Failure } from "../errors.ts";
import { aligned } from "../formats/text_table.ts";
import type { Dataset, Sample, SampleEntry } from "./dataset.ts";
import { type CountedDepths, histogramOf, histogramRows, histogramStep } from "./depth_histogram.ts";
import { spikeRows } from "./depth_spike.ts";
import { describeTurning } from "./turning.ts";

/** How often each thing was counted.
 * @category Data */
export type Counts = ReadonlyMap<string, number>;

/** What was found in samples. Surveys of parts can be joined: {@link surveyMonoid}.
 * @category Data */
export interface Survey extends CountedDepths {
  /** How many samples could be read. */
  readonly samples: number;
  /** How many of them each scene has; samples without a label count as "". */
  readonly scenes: Counts;
  /** How many of them each size has, as in "640×480". */
  readonly sizes: Counts;
  /** How many have an image whose file asks for a turn, by what was done. */
  readonly turnings: Counts;
  /** The pixels of all depth maps. */
  readonly pixels: number;
  /** How many others were measured outside the data's range, and do not count. */
  readonly outOfRange: number;
  /** How many samples tell their camera. */
  readonly cameras: number;
  /** How many had an image of another size than their depth. */
  readonly resized: number;
  /** The least measured depth in metres; Infinity if there is none. */
  readonly nearest: number;
  /** The names of the samples with each content, in the order in which they were read. */
  readonly contents: ReadonlyMap<string, readonly string[]>;
  /** Samples that could not be read. */
  readonly unreadable: readonly Unreadable[];
}

/** A sample that could not be read, and why.
 * @category Data */
export interface Unreadable {
  /** What was known of it before it was read. */
  readonly entry: SampleEntry;
  /** Why it could not be read. */
  readonly problem: Failure;
}

const joined = <K, V>(first: ReadonlyMap<K, V>, second: ReadonlyMap<K, V>, join: (a: V, b: V) => V): Map<K, V> => {
  const both = new Map(first);
  second.forEach((value, name) => {
    const before = both.get(name);
    both.set(name, before === undefined ? value : join(before, value));
  });
  return both;
};

const plus = (first: number, second: number): number => first + second;

/** Surveys of parts, joined.
 * @category Data */
export const surveyMonoid: Monoid<Survey> = {
  empty: {
    samples: 0,
    scenes: new Map(),
    sizes: new Map(),
    turnings: new Map(),
    pixels: 0,
    valid: 0,
    outOfRange: 0,
    cameras: 0,
    resized: 0,
    nearest: Infinity,
    farthest: 0,
    atFarthest: 0,
    histogram: new Map(),
    contents: new Map(),
    unreadable: [],
  },
  concat: (first, second) => ({
    samples: first.samples + second.samples,
    scenes: joined(first.scenes, second.scenes, plus),
    sizes: joined(first.sizes, second.sizes, plus),
    turnings: joined(first.turnings, second.turnings, plus),
    pixels: first.pixels + second.pixels,
    valid: first.valid + second.valid,
    outOfRange: first.outOfRange + second.outOfRange,
    cameras: first.cameras + second.cameras,
    resized: first.resized + second.resized,
    nearest: Math.min(first.nearest, second.nearest),
    farthest: Math.max(first.farthest, second.farthest),
    atFarthest: (first.farthest >= second.farthest ? first.atFarthest : 0) +
      (second.farthest >= first.farthest ? second.atFarthest : 0),
    histogram: joined(first.histogram, second.histogram, plus),
    contents: joined(first.contents, second.contents, (a, b) => [...a, ...b]),
    unreadable: [...first.unreadable, ...second.unreadable],
  }),
};

/** What tells the content of a sample from that of others: the SHA-256 of its image and depth, as hexadecimal digits. */
export const contentOf = async ({ image, depth }: Sample): Promise<string> => {
  const bytes = new Uint8Array(image.pixels.length + depth.metres.byteLength);
  bytes.set(image.pixels);
  bytes.set(new Uint8Array(depth.metres.slice().buffer), image.pixels.length);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** The survey of one sample.
 * @category Data */
export const surveyOf = async (sample: Sample): Promise<Survey> => {
  const { height, width, metres } = sample.depth;
  const measured = metres.filter((depth) => depth > 0);
  const farthest = measured.reduce((most, depth) => Math.max(most, depth), 0);
  return {
    ...surveyMonoid.empty,
    samples: 1,
    scenes: new Map([[sample.scene ?? "", 1]]),
    sizes: new Map([[`${width}×${height}`, 1]]),
    turnings: new Map(sample.turning === undefined ? [] : [[describeTurning(sample.turning), 1]]),
    pixels: metres.length,
    valid: measured.length,
    outOfRange: sample.outOfRange ?? 0,
    cameras: sample.intrinsics === null ? 0 : 1,
    resized: sample.fileSizes === undefined ? 0 : 1,
    nearest: measured.reduce((least, depth) => Math.min(least, depth), Infinity),
    farthest,
    atFarthest: measured.reduce((count, depth) => count + Number(depth === farthest), 0),
    histogram: histogramOf(metres),
    contents: new Map([[await contentOf(sample), [sample.name]]]),
  };
};

/** The survey of a sample that could not be read. */
export const surveyUnreadable = (entry: SampleEntry, problem: Failure): Survey => ({
  ...surveyMonoid.empty,
  unreadable: [{ entry, problem }],
});

/** The names of samples that have the same content, group by group.
 * @category Data */
export const duplicatesIn = ({ contents }: Survey): readonly (readonly string[])[] =>
  [...contents.values()].filter((names) => names.length > 1);

/** All surveys as one, joined in halves, so that no map is copied more than a few times.
 * @category Data */
export const joinSurveys = (surveys: readonly Survey[]): Survey => {
  if (surveys.length <= 1) return surveys[0] ?? surveyMonoid.empty;
  const half = surveys.length >> 1;
  return surveyMonoid.concat(joinSurveys(surveys.slice(0, half)), joinSurveys(surveys.slice(half)));
};

/** The surveys of a data set's splits.
 * @category Data */
export interface SplitSurveys {
  /** That of the training samples. */
  readonly train: Survey;
  /** That of the test samples. */
  readonly test: Survey;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The most frequent first; those of the same frequency by name. */
const sorted = (counts: Counts): readonly (readonly [string, number])[] =>
  [...counts].sort(([a, first], [b, second]) => second - first || a.localeCompare(b));

const metres = (depth: number): string => `${depth.toFixed(2)} m`;

const summaryRows = ({ train, test }: SplitSurveys): readonly (readonly string[])[] => {
  const of = (show: (survey: Survey) => string): readonly string[] => [show(train), show(test)];
  return [
    ["", "train", "test"],
    ["samples", ...of(({ samples }) => String(samples))],
    ["unreadable", ...of(({ unreadable }) => String(unreadable.length))],
    ["with a camera", ...of(({ cameras }) => String(cameras))],
    ...(train.resized + test.resized === 0 ? [] : [["depth of another size", ...of(({ resized }) => String(resized))]]),
    ["valid depth", ...of(({ valid, pixels }) => pixels === 0 ? "-" : percent(valid / pixels))],
    ["nearest", ...of(({ nearest, valid }) => valid === 0 ? "-" : metres(nearest))],
    ["farthest", ...of(({ farthest, valid }) => valid === 0 ? "-" : metres(farthest))],
    ...(train.outOfRange + test.outOfRange === 0 ? [] : [
      ["out of range", ...of(({ outOfRange, valid }) => percent(outOfRange / Math.max(valid + outOfRange, 1)))],
    ]),
  ];
};

const countRows = (title: string, of: (survey: Survey) => Counts, splits: SplitSurveys): readonly string[] => {
  const names = sorted(of(surveyMonoid.concat(splits.train, splits.test))).map(([name]) => name);
  const rows = names.map((name) => [
    name === "" ? "(none)" : name,
    String(of(splits.train).get(name) ?? 0),
    String(of(splits.test).get(name) ?? 0),
  ]);
  return ["", ...aligned([[title, "train", "test"], ...rows], 1)];
};

const duplicateRows = (survey: Survey): readonly string[] => {
  const groups = duplicatesIn(survey);
  if (groups.length === 0) return ["", "no duplicates"];
  const shown = groups.slice(0, 20).map((names) => `  ${names.join(" = ")}`);
  const more = groups.length > shown.length ? [`  and ${groups.length - shown.length} more`] : [];
  return ["", `${groups.length} samples more than once, by content:`, ...shown, ...more];
};

/** What was found, as plain text.
 * @category Data */
export const surveyTable = (name: string, splits: SplitSurveys): string => {
  const all = surveyMonoid.concat(splits.train, splits.test);
  return [
    name,
    "",
    ...aligned(summaryRows(splits), 1),
    ...countRows("scene", ({ scenes }) => scenes, splits),
    ...countRows("size", ({ sizes }) => sizes, splits),
    ...(all.turnings.size === 0 ? [] : countRows("EXIF orientation", ({ turnings }) => turnings, splits)),
    ...histogramRows(all),
    ...spikeRows({ train: splits.train, test: splits.test }),
    ...duplicateRows(all),
  ].join("\n");
};

const splitJson = (survey: Survey): unknown => ({
  samples: survey.samples,
  scenes: Object.fromEntries(sorted(survey.scenes)),
  sizes: Object.fromEntries(sorted(survey.sizes)),
  exif_orientations: Object.fromEntries(sorted(survey.turnings)),
  cameras: survey.cameras,
  depth_of_another_size: survey.resized,
  valid_share: survey.pixels === 0 ? null : survey.valid / survey.pixels,
  nearest_m: survey.valid === 0 ? null : survey.nearest,
  farthest_m: survey.valid === 0 ? null : survey.farthest,
  farthest_share: survey.valid === 0 ? null : survey.atFarthest / survey.valid,
  out_of_range: survey.outOfRange,
  histogram: [...survey.histogram].sort(([a], [b]) => a - b).map(([bar, pixels]) => ({
    from_m: bar * histogramStep,
    pixels,
  })),
  unreadable: survey.unreadable.map(({ entry, problem }) => ({ ...entry, problem: describe(problem) })),
});

/** What was found, as JSON. */
export const surveyJson = (
  { name, layout, omitted, remarks }: Pick<Dataset, "name" | "layout" | "omitted" | "remarks">,
  { train, test }: SplitSurveys,
): unknown => ({
  name,
  layout: layout ?? null,
  division: remarks ?? [],
  left_out: omitted ?? [],
  splits: { train: splitJson(train), test: splitJson(test) },
  duplicates: duplicatesIn(surveyMonoid.concat(train, test)),
});
