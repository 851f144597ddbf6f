/** Data of a training that were moved or copied: what was trained on is not to be tested only because it lies elsewhere. */
import { layoutOf, layouts } from "../data/layouts.ts";
import { namesDigest } from "../data/names.ts";
import { openDataset } from "../data/open_dataset.ts";
import { E, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { Listener } from "../train/listener.ts";
import type { DataConfiguration } from "./configuration.ts";
import type { SeenData } from "./other_data.ts";

/** What is known of the data that a network was trained on.
 * @category Experiments */
export interface TrainedData {
  /** How they were described. */
  readonly trained: DataConfiguration;
  /** What tells their samples by their names, as a checkpoint says; undefined for one that does not. */
  readonly samples: string | undefined;
}

const holdsOut = (layout: string | undefined): boolean =>
  layouts.some((name) => name === layout && layoutOf(name).uses.includes("testShare"));

const located = async (path: string): Promise<string> => {
  try {
    return await Deno.realPath(path);
  } catch {
    return path;
  }
};

/** Says that samples of the training may be among those that are tested, where one of both folders lies in the other. */
const tellOverlap = async (folder: string, trained: string, { message }: Pick<Listener, "message">): Promise<void> => {
  const [one, other] = [`${await located(folder)}/`, `${await located(trained)}/`];
  if (one === other || !(one.startsWith(other) || other.startsWith(one))) return;
  message(`${folder} and ${trained}, which was trained on, lie in each other: what is tested may have been trained on`);
};

/** Whether data of which some are held out are by their layout and names those of a training. */
const isMoved = async (data: DataConfiguration, samples: string | undefined): Promise<boolean> => {
  if (samples === undefined) return false;
  const opened = await openDataset(data)();
  return E.isRight(opened) && holdsOut(opened.right.layout) && await namesDigest(opened.right) === samples;
};

/**
 * The data to be seen, of which all would be tested. If they have the layout and the names of those of the training, and
 * their layout holds some out, the same ones are held out as for the training, and it is said; so it is if the training's
 * folder lies in theirs, or theirs in it.
 *
 * Errors: none; data that cannot be opened are given back, for whoever opens them to say why.
 * @category Experiments
 */
export const dividedAsTrained = (
  { trained, samples }: TrainedData,
  seen: SeenData,
  listener: Pick<Listener, "message">,
): TaskEither<Failure, SeenData> =>
async () => {
  const { data, purpose } = seen;
  if (purpose !== "evaluation" || trained.kind !== "files" || data.kind !== "files") return E.right(seen);
  await tellOverlap(data.folder, trained.folder, listener);
  if (!await isMoved(data, samples)) return E.right(seen);
  listener.message(
    `${data.folder} holds samples with the names of those of the training: only what was held out then is tested; ` +
      "--set data.testShare=1 tests all",
  );
  return E.right({ ...seen, data: { ...data, testShare: trained.testShare }, purpose: undefined });
};
