import type { Dataset, Split } from "../data/dataset.ts";
import { isUnreadable, prefetch } from "../data/split.ts";
import {
  joinSurveys,
  type SplitSurveys,
  type Survey,
  surveyMonoid,
  surveyOf,
  surveyUnreadable,
} from "../data/survey.ts";
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { describe, type Failure, failure } from "../errors.ts";
import type { RgbImage } from "../formats/raster.ts";
import { contactSheet, pairPanel } from "../pictures/panel.ts";
import { type Listener, withProgress } from "../train/listener.ts";

/** What was found in a split, and some of its samples as panels. */
interface InspectedSplit {
  readonly survey: Survey;
  readonly panels: readonly RgbImage[];
}

/** What was found in a data set.
 * @category Experiments */
export interface Inspection {
  /** What is in its splits. */
  readonly splits: SplitSurveys;
  /** Some images beside their depth, as one picture; null if none were asked for, or none can be read. */
  readonly picture: RgbImage | null;
}

/** Samples that are read while one is looked at. */
const ahead = 4;

const inspectSplit = (
  split: Split,
  pictures: number,
  onSample: (name: string) => void,
): TaskEither<Failure, InspectedSplit> =>
async () => {
  const readAhead = prefetch(split.read, ahead, split.size);
  const drawn = new Set(Array.from({ length: pictures }, (_, at) => Math.floor((at + 0.5) * split.size / pictures)));
  const surveys: Survey[] = [];
  const panels: RgbImage[] = [];
  for (let index = 0; index < split.size; index++) {
    const read = await readAhead(index)();
    if (E.isLeft(read) && !isUnreadable(read.left)) return read;
    surveys.push(E.isLeft(read) ? surveyUnreadable(split.entry(index), read.left) : await surveyOf(read.right));
    if (E.isRight(read) && drawn.has(index)) panels.push(pairPanel({ ...read.right, title: read.right.name }));
    onSample(split.entry(index).name);
  }
  return E.right({ survey: joinSurveys(surveys), panels });
};

/**
 * Reads all of a data set and finds out what is in it; samples that cannot be read are counted.
 *
 * @param pictures How many samples of each split are drawn.
 * @category Experiments
 */
export const inspectDataset = (
  { train, test }: Dataset,
  pictures: number,
  listener: Listener,
): TaskEither<Failure, Inspection> =>
async () => {
  const progress = listener.progress("inspecting", train.size + test.size);
  const [first, second] = await withProgress(progress, async (update) => {
    let done = 0;
    const onSample = (name: string): void => update(++done, name);
    return [await inspectSplit(train, pictures, onSample)(), await inspectSplit(test, pictures, onSample)()];
  });
  if (E.isLeft(first)) return first;
  if (E.isLeft(second)) return second;
  const panels = [...first.right.panels, ...second.right.panels];
  return E.right({
    splits: { train: first.right.survey, test: second.right.survey },
    picture: panels.length === 0 ? null : contactSheet(panels),
  });
};

/** Errors, naming them, if samples of a data set cannot be read.
 * @category Experiments */
export const checkReadable = (name: string, { train, test }: SplitSurveys): Either<Failure, void> => {
  const { unreadable } = surveyMonoid.concat(train, test);
  return unreadable.length === 0 ? E.right(undefined) : E.left({
    ...failure(
      "data",
      name,
      `${unreadable.length} samples that cannot be read`,
      "none",
      'Mend them, take them out of the list, or train with --set data.onUnreadable="skip".',
    ),
    details: unreadable.map(({ entry, problem }) => {
      const said = describe(problem).replaceAll("\n", " ");
      return problem.where.startsWith(entry.where) ? said : `${entry.where}: ${said}`;
    }),
  });
};
