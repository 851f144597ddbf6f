import { type Augmentation, colourJitter, inOrder, randomMirror } from "../data/augment.ts";
import { csvDataset } from "../data/csv_dataset.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Sample } from "../data/sample.ts";
import { scenesDataset } from "../data/scenes_dataset.ts";
import { resizeSample } from "../data/split.ts";
import { E, type Either, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { AugmentConfiguration, DataConfiguration } from "./configuration.ts";

/** The random changes of training samples. */
export const augmentationOf = ({ mirror, jitter }: AugmentConfiguration): Augmentation =>
  inOrder([...(mirror ? [randomMirror] : []), colourJitter(jitter)]);

/** What brings a sample to the network's input size. */
export const preparationOf = ({ height, width }: DataConfiguration): (sample: Sample) => Sample =>
  resizeSample(height, width);

/** Opens the data set of a configuration. Errors: "usage" if its folder is not given, and those of reading its list. */
export const datasetOf = (configuration: DataConfiguration): TaskEither<Failure, Dataset> => {
  if (configuration.kind === "scenes") return TE.right(scenesDataset(configuration));
  return configuration.folder !== "" ? csvDataset(configuration) : TE.left(
    failure("usage", "--data", "nothing", `the folder that holds ${configuration.list}`, "Give it by --data DIR."),
  );
};

/** The configuration with another folder. Errors: "usage" for data that lie in no folder. */
export const withFolder = (configuration: DataConfiguration, folder: string): Either<Failure, DataConfiguration> =>
  configuration.kind === "csv" ? E.right({ ...configuration, folder }) : E.left(
    failure(
      "usage",
      "--data",
      `"${folder}" with a configuration of built-in scenes`,
      "a configuration whose data are files",
      "Try --config configs/rooms.jsonc.",
    ),
  );
