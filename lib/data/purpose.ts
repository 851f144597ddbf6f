/** What data are opened for decides how they are divided, and which splits they must have. */
import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import type { DataLayout, LayoutOptions, Purpose } from "./layout.ts";
import { emptySplit } from "./split.ts";

/** The options for a purpose: of data that a network has not learned from, nothing is held out from the test. */
export const optionsFor = <A extends LayoutOptions>(purpose: Purpose | undefined, options: A): A =>
  purpose === "evaluation" ? { ...options, testShare: 1 } : options;

const nothingToTrainOn = ({ name, test }: Dataset): Failure =>
  failure(
    "data",
    name,
    `${test.size} samples to test on and none to train on`,
    "samples to train on",
    "Name their list by --set data.list=NAME, or write train in the column split; evaluate takes these data as they are.",
  );

const nothingToTestOn = ({ name, train }: Dataset): Failure =>
  failure(
    "data",
    name,
    `${train.size} samples to train on and none to test on`,
    "samples to test on",
    "Name their list by --set data.testList=NAME, or write test in the column split.",
  );

type Uses = Pick<DataLayout, "uses">;

/** Whether a layout tells its test samples by lists alone: it never holds out any. */
const listsTests = ({ uses }: Uses): boolean => uses.includes("testList") && !uses.includes("testShare");

/** Whether nothing is left to train on because all was to be held out. */
const holdsOutAll = ({ uses }: Uses, { testShare }: LayoutOptions): boolean =>
  uses.includes("testShare") && testShare === 1;

/**
 * The data set, if it has the splits that its purpose needs. Errors: "data", naming the data set and what it has, if there is
 * nothing to train on, or nothing to test on where it is listed.
 */
export const fitFor =
  (purpose: Purpose | undefined, layout: Uses, options: LayoutOptions) =>
  (dataset: Dataset): Either<Failure, Dataset> => {
    const [trains, tests] = [dataset.train.size > 0, dataset.test.size > 0];
    if (purpose === "training" && !trains) {
      return E.left(tests && !holdsOutAll(layout, options) ? nothingToTrainOn(dataset) : emptySplit("train"));
    }
    const tested = purpose === "evaluation" || (purpose === "training" && listsTests(layout));
    return tested && !tests ? E.left(nothingToTestOn(dataset)) : E.right(dataset);
  };
