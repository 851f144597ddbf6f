/**
 * Which data a trained network is evaluated on or explained with: those of its training as they were described then, or other
 * data, which are described by themselves.
 */
import { kindOf } from "../data/folders.ts";
import type { Purpose } from "../data/layout.ts";
import { layoutOf } from "../data/layouts.ts";
import { recognize, type Recognized } from "../data/recognize_layout.ts";
import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname } from "../dependencies/text.ts";
import type { Failure } from "../errors.ts";
import { isUrl } from "../formats/byte_source.ts";
import { jsonValue } from "../formats/json.ts";
import type { Configuration, DataConfiguration } from "./configuration.ts";
import { parseConfiguration, readConfiguration, withDataset } from "./configuration_file.ts";
import { located } from "./files.ts";

/** Data, and what they are opened for.
 * @category Experiments */
export interface SeenData {
  /** Where they lie and how they are described. */
  readonly data: DataConfiguration;
  /** "evaluation" for data that the network has not learned from; none where their division is that of a training. */
  readonly purpose: Purpose | undefined;
  /** The module of the data, if a user has named one: what only a checkpoint names is not loaded. None unless given. */
  readonly dataset?: string;
}

/** Whether a setting is about data; the size of the input is the network's as well. */
const isOfData = (setting: string): boolean => /^data[.=]/.test(setting);

const isOfSize = (setting: string): boolean => /^data\.(height|width)=/.test(setting);

/** The settings that a network's own configuration takes where it is seen on other data.
 * @category Experiments */
export const networkSettings = (settings: readonly string[]): readonly string[] =>
  settings.filter((setting) => !isOfData(setting) || isOfSize(setting));

const sets = (settings: readonly string[], field: string): boolean =>
  settings.some((setting) => setting.startsWith(`data.${field}=`));

/** The text that the settings give a field of the data. */
const textIn = (settings: readonly string[], field: string): string | undefined => {
  const start = `data.${field}=`;
  const value = settings.findLast((setting) => setting.startsWith(start))?.slice(start.length);
  const text = value === undefined ? undefined : jsonValue(value) ?? value;
  return typeof text === "string" && text !== "" ? text : undefined;
};

/** The folder that the settings name. */
const folderIn = (settings: readonly string[]): string | undefined => {
  const folder = textIn(settings, "folder");
  return folder === undefined ? undefined : located(folder);
};

/** What lies at a path, links followed; the path itself where nothing does. */
const placeOf = async (path: string): Promise<string> => {
  if (isUrl(path)) return path.replace(/\/$/, "");
  try {
    return await Deno.realPath(path);
  } catch {
    return located(path);
  }
};

const folderOf = async (path: string): Promise<string> => {
  const kind = await kindOf(path)();
  return await placeOf(E.isRight(kind) && kind.right === "file" ? dirname(path) : path);
};

/** Whether two recognised paths are of the same data: the same lists, or the same folder where no list tells the layout. */
const sameRecognized = async (
  [own, folder]: readonly [Recognized, string],
  [other, otherFolder]: readonly [Recognized, string],
): Promise<boolean> => {
  if (own.layout !== other.layout) return false;
  if (layoutOf(own.layout).signs.list === undefined) return await folderOf(folder) === await folderOf(otherFolder);
  const files = await Promise.all(own.files.map(placeOf));
  return (await Promise.all(other.files.map(placeOf))).every((file) => files.includes(file));
};

/** Whether a path leads to the data that a network was trained on: it may be their folder, or one of their lists. */
const isOwn = async (trained: DataConfiguration, path: string): Promise<boolean> => {
  if (trained.kind !== "files" || trained.folder === "") return false;
  if (await placeOf(trained.folder) === await placeOf(path)) return true;
  if (isUrl(path) || isUrl(trained.folder)) return false;
  const [own, other] = [await recognize(trained.folder)(), await recognize(path)()];
  return E.isRight(own) && E.isRight(other) &&
    await sameRecognized([own.right, trained.folder], [other.right, path]);
};

/**
 * Files by the defaults of their layout and by settings, or scenes by settings where there is no folder; of the network's own
 * data they have the size of its input.
 */
const describedBySettings = (
  { height, width, ...trained }: DataConfiguration,
  folder: string | undefined,
  settings: readonly string[],
): Either<Failure, DataConfiguration> => {
  const kind = folder === undefined ? textIn(settings, "kind") : "files";
  const onUnreadable = trained.kind === "files" && kind === "files" ? { onUnreadable: trained.onUnreadable } : {};
  const fields = { data: { kind, height, width, ...onUnreadable } };
  const place = folder === undefined ? [] : [`data.folder=${JSON.stringify(folder)}`];
  const all = [...settings.filter(isOfData), ...place];
  return pipe(parseConfiguration("--data", JSON.stringify(fields), all), E.map(({ data }) => data));
};

/** The purpose of other data: all of them are tested on, unless a share to hold out was asked for. */
const otherPurpose = (settings: readonly string[]): Purpose | undefined =>
  sets(settings, "testShare") ? undefined : "evaluation";

const changedList = (trained: DataConfiguration, data: DataConfiguration): boolean =>
  trained.kind === "files" && data.kind === "files" && trained.list !== data.list;

/** How the command line asks for data.
 * @category Experiments */
export interface SeenRequest {
  /** The folder, list or address that is given, from the root on; undefined for none but what a setting says. */
  readonly folder: string | undefined;
  /** Fields that are given, as "data.depthScale=256". */
  readonly settings: readonly string[];
  /** The module of the data that is given, from the root on; "" for none but what a setting says. */
  readonly dataset?: string;
}

/** The module that data name which a user describes. */
const namedIn = (data: DataConfiguration): Pick<SeenData, "dataset"> =>
  data.kind === "module" ? { dataset: data.file } : {};

/** The data of a module, by settings: described as those of the training if they are of the same file. */
const dataOfModule = (
  trained: DataConfiguration,
  dataset: string,
  folder: string | undefined,
  settings: readonly string[],
): Either<Failure, SeenData> => {
  const { height, width } = trained;
  const own = trained.kind === "module" && located(trained.file) === dataset ? trained : { height, width };
  const fields = withDataset({ data: { ...own, ...(folder === undefined ? {} : { folder }) } }, dataset);
  return pipe(
    parseConfiguration("--dataset", JSON.stringify(fields), settings.filter(isOfData)),
    E.map(({ data }): SeenData => ({ data, purpose: undefined, ...namedIn(data) })),
  );
};

/**
 * The data that a trained network is seen on, where no other configuration describes them. Without a folder, and for the
 * folder of its training, they are the training's, with the settings. Any others, and data of another kind, as
 * "data.kind=scenes" asks for, are described by their layout's defaults and the settings alone; only the size of the network's input and what is done with unreadable samples go along.
 *
 * Errors: "configuration" and "usage", naming the field.
 *
 * @param trained The data of the network's training, without settings.
 * @category Experiments
 */
export const seenData = (
  trained: DataConfiguration,
  { folder: given, settings, dataset = "" }: SeenRequest,
): TaskEither<Failure, SeenData> =>
async () => {
  const folder = given ?? folderIn(settings);
  const named = dataset === "" ? textIn(settings, "file") ?? "" : dataset;
  if (named !== "") return dataOfModule(trained, located(named), folder, settings);
  const ofOtherKind = (textIn(settings, "kind") ?? trained.kind) !== trained.kind;
  const other = folder === undefined ? ofOtherKind : !await isOwn(trained, folder);
  if (other) {
    return pipe(
      describedBySettings(trained, folder, settings),
      E.map((data): SeenData => ({ data, purpose: otherPurpose(settings) })),
    );
  }
  const own = JSON.stringify({ data: trained });
  return pipe(
    parseConfiguration("the configuration of the checkpoint", own, settings.filter(isOfData)),
    E.map(({ data }): SeenData => ({
      data,
      purpose: changedList(trained, data) ? otherPurpose(settings) : undefined,
    })),
  );
};

/** A configuration, and the data that it is seen on.
 * @category Experiments */
export interface ConfiguredSight {
  /** The network's configuration. */
  readonly configuration: Configuration;
  /** Its data, or others. */
  readonly seen: SeenData;
}

/**
 * Another configuration than the network's own, with its data, in another folder if one is given: files as it describes
 * them, divided as it says. Where it has built-in scenes, a folder is described by its layout's defaults and the settings.
 *
 * Errors: "file", and "configuration" and "usage", naming the field.
 * @category Experiments
 */
export const seenByConfiguration = (
  path: string,
  { folder, settings, dataset }: SeenRequest,
): TaskEither<Failure, ConfiguredSight> => {
  const whole = (change: (data: DataConfiguration) => DataConfiguration): TaskEither<Failure, ConfiguredSight> =>
    pipe(
      readConfiguration(path, settings, dataset),
      TE.map((configuration) => {
        const data = change(configuration.data);
        return { configuration, seen: { data, purpose: undefined, ...namedIn(data) } };
      }),
    );
  if (folder === undefined) return whole((data) => data);
  if (dataset !== undefined && dataset !== "") return whole((data) => ({ ...data, folder }));
  return pipe(
    readConfiguration(path, networkSettings(settings)),
    TE.chain((configuration) =>
      configuration.data.kind !== "scenes" ? whole((data) => ({ ...data, folder })) : TE.fromEither(pipe(
        describedBySettings(configuration.data, folder, settings),
        E.map((data) => ({ configuration, seen: { data, purpose: otherPurpose(settings) } })),
      ))
    ),
  );
};
