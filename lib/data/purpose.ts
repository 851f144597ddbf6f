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

/** Whether a layout tells its test samples by lists alone: it never holds out any. */
const listsTests = ({ uses }: Pick<DataLayout, "uses">): boolean =>
  uses.includes("testList") && !uses.includes("testShare");

/**
 * The data set, if it has the splits that its purpose needs. Errors: "data", naming the data set and what it has, if there is
 * nothing to train on, or nothing to test on where it is listed.
 */
export const fitFor =
  (purpose: Purpose | undefined, layout: Pick<DataLayout, "uses">) => (dataset: Dataset): Either<Failure, Dataset> => {
    const { train, test } = dataset;
    if (purpose === "training" && train.size === 0) {
      return E.left(
        test.size > 0 && layout.uses.includes("testList") ? nothingToTrainOn(dataset) : emptySplit("train"),
      );
    }
    const tested = purpose === "evaluation" || (purpose === "training" && listsTests(layout));
    return tested && test.size === 0 ? E.left(nothingToTestOn(dataset)) : E.right(dataset);
  };
