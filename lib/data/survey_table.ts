import { describe } from "../errors.ts";
import { aligned } from "../formats/text_table.ts";
import { type Counts, duplicatesIn, histogramStep, type Survey, surveyMonoid } from "./survey.ts";

/** The surveys of a data set's splits. */
export interface SplitSurveys {
  readonly train: Survey;
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
    ["valid depth", ...of(({ valid, pixels }) => pixels === 0 ? "-" : percent(valid / pixels))],
    ["nearest", ...of(({ nearest, valid }) => valid === 0 ? "-" : metres(nearest))],
    ["farthest", ...of(({ farthest, valid }) => valid === 0 ? "-" : metres(farthest))],
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

const barWidth = 40;

const histogramRows = (survey: Survey): readonly string[] => {
  const last = Math.max(-1, ...survey.histogram.keys());
  const most = Math.max(1, ...survey.histogram.values());
  const bars = Array.from({ length: Math.min(last + 1, 200) }, (_, bar) => {
    const count = survey.histogram.get(bar) ?? 0;
    return [
      `${(bar * histogramStep).toFixed(1)} m`,
      percent(count / Math.max(survey.valid, 1)),
      "█".repeat(Math.round(barWidth * count / most)),
    ];
  });
  return ["", "depth of valid pixels, from", ...aligned(bars)];
};

const duplicateRows = (survey: Survey): readonly string[] => {
  const groups = duplicatesIn(survey);
  if (groups.length === 0) return ["", "no duplicates"];
  const shown = groups.slice(0, 20).map((names) => `  ${names.join(" = ")}`);
  const more = groups.length > shown.length ? [`  and ${groups.length - shown.length} more`] : [];
  return ["", `${groups.length} samples more than once, by content:`, ...shown, ...more];
};

/** What was found, as plain text. */
export const surveyTable = (name: string, splits: SplitSurveys): string => {
  const all = surveyMonoid.concat(splits.train, splits.test);
  return [
    name,
    "",
    ...aligned(summaryRows(splits), 1),
    ...countRows("scene", ({ scenes }) => scenes, splits),
    ...countRows("size", ({ sizes }) => sizes, splits),
    ...histogramRows(all),
    ...duplicateRows(all),
  ].join("\n");
};

const splitJson = (survey: Survey): unknown => ({
  samples: survey.samples,
  scenes: Object.fromEntries(sorted(survey.scenes)),
  sizes: Object.fromEntries(sorted(survey.sizes)),
  cameras: survey.cameras,
  valid_share: survey.pixels === 0 ? null : survey.valid / survey.pixels,
  nearest_m: survey.valid === 0 ? null : survey.nearest,
  farthest_m: survey.valid === 0 ? null : survey.farthest,
  histogram: [...survey.histogram].sort(([a], [b]) => a - b).map(([bar, pixels]) => ({
    from_m: bar * histogramStep,
    pixels,
  })),
  unreadable: survey.unreadable.map(({ entry, problem }) => ({ ...entry, problem: describe(problem) })),
});

/** What was found, as JSON. */
export const surveyJson = (name: string, { train, test }: SplitSurveys): unknown => ({
  name,
  splits: { train: splitJson(train), test: splitJson(test) },
  duplicates: duplicatesIn(surveyMonoid.concat(train, test)),
});
