/** Data of a training that were moved or copied: what was trained on is not to be tested only because it lies elsewhere. */
import { layoutOf, layouts } from "../data/layouts.ts";
import { namesDigest } from "../data/names.ts";
import { openDataset } from "../data/open_dataset.ts";
import { E, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Listener } from "../train/listener.ts";
import type { DataConfiguration } from "./configuration.ts";
import type { SeenData } from "./other_data.ts";

/** What is known of the data that a network was trained on. */
export interface TrainedData {
  /** How they were described. */
  readonly trained: DataConfiguration;
  /** What tells their samples by their names, as a checkpoint says; undefined for one that does not. */
  readonly samples: string | undefined;
}

const holdsOut = (layout: string | undefined): boolean =>
  layouts.some((name) => name === layout && layoutOf(name).uses.includes("testShare"));

/**
 * The data to be seen, of which all would be tested. If they have the layout and the names of those of the training, and
 * their layout holds some out, the same ones are held out as for the training, and it is said.
 *
 * Errors: none; data that cannot be opened are given back, for whoever opens them to say why.
 */
export const dividedAsTrained = (
  { trained, samples }: TrainedData,
  seen: SeenData,
  { message }: Pick<Listener, "message">,
): TaskEither<Failure, SeenData> =>
async () => {
  const { data, purpose } = seen;
  if (samples === undefined || purpose !== "evaluation" || trained.kind !== "files" || data.kind !== "files") {
    return E.right(seen);
  }
  const opened = await openDataset(data)();
  if (E.isLeft(opened) || !holdsOut(opened.right.layout) || await namesDigest(opened.right) !== samples) {
    return E.right(seen);
  }
  message(
    `${data.folder} holds samples with the names of those of the training: only what was held out then is tested; ` +
      "--set data.testShare=1 tests all",
  );
  return E.right({ data: { ...data, testShare: trained.testShare }, purpose: undefined });
};
