import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname, join } from "../dependencies/text.ts";
import { type Failure, failure } from "../errors.ts";
import { isUrl } from "../formats/byte_source.ts";
import { checkNumbers, countFrom } from "../formats/numbers.ts";
import {
  type Augmentation,
  colourJitter,
  composeAugmentations,
  randomMirror,
  randomRotation,
  randomScale,
} from "./augment.ts";
import type { OwnData } from "./data_module.ts";
import type { Dataset, Sample } from "./dataset.ts";
import { checkMeasured, type DepthBounds, rangeWithin, withinRange } from "./depth_range.ts";
import {
  type AugmentConfiguration,
  type DataConfiguration,
  filesFields,
  type ModuleData,
  moduleFields,
  type ScenesData,
  scenesFields,
} from "./fields.ts";
import { kindOf } from "./folders.ts";
import { type Found, layoutFields, type LayoutOptions, type Purpose } from "./layout.ts";
import { checkedFields } from "./layout_options.ts";
import { type Layout, layoutOf } from "./layouts.ts";
import { publishedRange } from "./published_ranges.ts";
import { fitFor, optionsFor } from "./purpose.ts";
import { recognize, type Recognized } from "./recognize_layout.ts";
import { centreCrop, resizeSample } from "./resize.ts";
import { mapSplit } from "./split.ts";

/** Where data lie and what is wanted of them. What a layout has no choice of must be at its default.
 * @category Data */
export interface FilesOptions extends LayoutOptions, DepthBounds {
  /** The folder, file or address; a list, or a file of published name, stands for the data that it belongs to. */
  readonly folder: string;
  /** Its layout; "auto" recognises it. */
  readonly layout: "auto" | Layout;
}

/** The folder that data lie in: of a file, the one that it is in. An address stays as it is. */
const folderOf = (path: string): TaskEither<Failure, string> =>
  isUrl(path) ? TE.right(path) : pipe(kindOf(path), TE.map((kind) => kind === "file" ? dirname(path) : path));

const otherLayout = (wanted: Layout, { folder }: FilesOptions, found: string): Failure =>
  failure("data", folder, found, `the layout ${wanted}: ${layoutOf(wanted).signs.text}`);

/** What is in the folder, and where that tells nothing, what the list of the test samples is that is named. */
const recognizedInFolder = (path: string, folder: string, testList: string): TaskEither<Failure, Recognized> =>
  testList === "" ? recognize(path) : pipe(recognize(path), TE.orElse(() => recognize(join(folder, testList))));

/** What is in the folder, in the layout that is wanted. A list that is named needs no looking for. */
const recognizedAs = (options: FilesOptions, folder: string): TaskEither<Failure, Recognized> => {
  const { layout, list, testList } = options;
  if (layout === "auto") {
    return list === "" ? recognizedInFolder(options.folder, folder, testList) : recognize(join(folder, list));
  }
  if (list !== "") return TE.right({ layout, files: [] });
  return pipe(
    recognize(options.folder),
    TE.filterOrElse(
      (found) => found.layout === layout,
      (found) => otherLayout(layout, options, `the layout ${found.layout}`),
    ),
  );
};

/** Opens data as their layout does, and leaves out what was measured beyond their range, whatever the layout. */
const openAs = (layout: Layout, options: FilesOptions, found: Found): TaskEither<Failure, Dataset> => async () => {
  const chosen = layoutOf(layout);
  const range = rangeWithin(found.folder, options, publishedRange(chosen, options.depthScale));
  if (E.isLeft(range)) return range;
  const within = range.right === null ? (sample: Sample) => sample : withinRange(range.right);
  return await pipe(
    (await chosen.load())(options, found),
    TE.map(({ train, test, ...data }) => ({
      ...data,
      layout,
      range: range.right,
      train: mapSplit(train, within),
      test: mapSplit(test, within),
    })),
  )();
};

/**
 * Opens data in any layout that is known, in a folder or by the path of their list. What was measured outside their range
 * is no measurement.
 *
 * Errors: those of recognising and of opening the layout; "data" if it is not the one that is wanted, if it has several
 * lists of which none tells itself as that of training, and if it lacks a split that the purpose needs; "configuration" for
 * a field that is set and that the layout does not use; "missing" for a root of paths that is not there.
 * @category Data
 */
export const openFiles = (options: FilesOptions, purpose?: Purpose): TaskEither<Failure, Dataset> =>
  pipe(
    TE.fromEither(checkNumbers("the data", layoutFields, { ...options })),
    TE.chain(() => folderOf(options.folder)),
    TE.chain((folder) =>
      pipe(
        recognizedAs(options, folder),
        TE.chainFirst(({ layout }) => checkedFields(layoutOf(layout), options, folder)),
        TE.chain(({ layout, files }) =>
          pipe(
            openAs(layout, optionsFor(purpose, options), { folder, files }),
            TE.chainEitherK(fitFor(purpose, layoutOf(layout), options)),
          )
        ),
      )
    ),
  );

/** The random changes of training samples: scale and rotation, mirror, colours. */
export const augmentationOf = ({ mirror, jitter, rotation, scale }: AugmentConfiguration): Augmentation =>
  composeAugmentations([
    ...(scale > 1 ? [randomScale(scale)] : []),
    ...(rotation > 0 ? [randomRotation(rotation)] : []),
    ...(mirror ? [randomMirror] : []),
    colourJitter(jitter),
  ]);

/**
 * What brings a sample to the network's input size: the crop of the configuration, if it has one, then resizing.
 *
 * Errors: "data" if the sample is smaller than the crop, or if no measured pixel is left at that size.
 */
export const preparationOf = (data: DataConfiguration): (sample: Sample) => Either<Failure, Sample> => {
  const [rows, columns] = data.kind === "scenes" ? [] : data.crop;
  const cropped = rows === undefined || columns === undefined ? E.right : centreCrop(rows, columns);
  return (sample) =>
    pipe(
      cropped(sample),
      E.map(resizeSample(data.height, data.width)),
      E.chain((resized) => checkMeasured(sample, resized)),
    );
};

/** On demand: whoever has files needs no furniture. */
const openScenes = async (configuration: ScenesData): Promise<Dataset> => {
  const { scenesDataset } = await import("./scenes_dataset.ts");
  return scenesDataset(configuration);
};

/** Errors: "usage" for a module that nobody has named; those of opening it. */
const openModule = (data: ModuleData, own: OwnData | null): TaskEither<Failure, Dataset> =>
  own !== null ? own.open(data) : TE.left(
    data.file === ""
      ? failure("usage", "data.file", "nothing", "the module of the data set", "Give it by --dataset FILE.ts.")
      : failure(
        "usage",
        "--dataset",
        `nothing, and data of ${data.file}, which only a checkpoint names: no code is run for that`,
        "the file, named by whoever runs it",
        "Look at the file, then name it by --dataset FILE.ts, or name other data by --data DIR.",
      ),
  );

const fieldsOf = { scenes: scenesFields, files: filesFields, module: moduleFields } as const;

/** Whether the numbers of a data configuration are in the ranges of its fields: a program may have made it up. */
const checkedData = (configuration: DataConfiguration): Either<Failure, void> =>
  checkNumbers(
    "the data",
    // A program may ask for samples smaller than a network takes.
    { ...fieldsOf[configuration.kind], height: countFrom(1), width: countFrom(1) },
    { ...configuration },
  );

/**
 * Opens the data set of a configuration, for a purpose if it has one. Errors: "usage" if its folder is not given,
 * "configuration" for numbers out of range, and those of opening it.
 *
 * @param own The data set of a module, if a user has named one: it alone opens data of kind "module".
 * @category Data
 */
export const openDataset = (
  configuration: DataConfiguration,
  purpose?: Purpose,
  own: OwnData | null = null,
): TaskEither<Failure, Dataset> => {
  const sound = checkedData(configuration);
  if (E.isLeft(sound)) return TE.left(sound.left);
  if (configuration.kind === "scenes") return async () => E.right(await openScenes(configuration));
  if (configuration.kind === "module") return openModule(configuration, own);
  return configuration.folder !== "" ? openFiles(configuration, purpose) : TE.left(
    failure("usage", "--data", "nothing", "the folder of the data set", "Give it by --data DIR."),
  );
};

/** The configuration with another folder. Errors: "usage" for data that lie in no folder. */
export const withFolder = (configuration: DataConfiguration, folder: string): Either<Failure, DataConfiguration> =>
  configuration.kind !== "scenes" ? E.right({ ...configuration, folder }) : E.left(
    failure(
      "usage",
      "--data",
      `"${folder}" with a configuration of built-in scenes`,
      "a configuration whose data are files or a module",
      "Try --config configs/rooms.jsonc.",
    ),
  );
