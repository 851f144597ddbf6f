import { type Augmentation, inOrder, randomMirror } from "../data/augment.ts";
import { colourJitter } from "../data/colour_jitter.ts";
import { centreCrop } from "../data/crop.ts";
import type { Dataset } from "../data/dataset.ts";
import type { AugmentConfiguration, DataConfiguration, ScenesData } from "../data/fields.ts";
import { openFiles } from "../data/open_files.ts";
import { resizeSample } from "../data/resize.ts";
import { randomRotation } from "../data/rotate.ts";
import type { Sample } from "../data/sample.ts";
import { randomScale } from "../data/scale.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";

/** The random changes of training samples: scale and rotation, mirror, colours. */
export const augmentationOf = ({ mirror, jitter, rotation, scale }: AugmentConfiguration): Augmentation =>
  inOrder([
    ...(scale > 1 ? [randomScale(scale)] : []),
    ...(rotation > 0 ? [randomRotation(rotation)] : []),
    ...(mirror ? [randomMirror] : []),
    colourJitter(jitter),
  ]);

/**
 * What brings a sample to the network's input size: the crop of the configuration, if it has one, then resizing.
 *
 * Errors: "data" if the sample is smaller than the crop.
 */
export const preparationOf = (data: DataConfiguration): (sample: Sample) => Either<Failure, Sample> => {
  const [rows, columns] = data.kind === "files" ? data.crop : [];
  const cropped = rows === undefined || columns === undefined ? E.right : centreCrop(rows, columns);
  return (sample) => pipe(cropped(sample), E.map(resizeSample(data.height, data.width)));
};

/** On demand: whoever has files needs no furniture. */
const openScenes = async (configuration: ScenesData): Promise<Dataset> => {
  const { scenesDataset } = await import("../data/scenes_dataset.ts");
  return scenesDataset(configuration);
};

/** Opens the data set of a configuration. Errors: "usage" if its folder is not given, and those of opening it. */
export const datasetOf = (configuration: DataConfiguration): TaskEither<Failure, Dataset> => {
  if (configuration.kind === "scenes") return async () => E.right(await openScenes(configuration));
  return configuration.folder !== "" ? openFiles(configuration) : TE.left(
    failure("usage", "--data", "nothing", "the folder of the data set", "Give it by --data DIR."),
  );
};

/** The configuration with another folder. Errors: "usage" for data that lie in no folder. */
export const withFolder = (configuration: DataConfiguration, folder: string): Either<Failure, DataConfiguration> =>
  configuration.kind === "files" ? E.right({ ...configuration, folder }) : E.left(
    failure(
      "usage",
      "--data",
      `"${folder}" with a configuration of built-in scenes`,
      "a configuration whose data are files",
      "Try --config configs/rooms.jsonc.",
    ),
  );
