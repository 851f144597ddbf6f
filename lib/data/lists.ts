/** Lists of samples: what each is for, as its name tells or the options say, and where its paths begin. */
import { E, type Either } from "../dependencies/fp.ts";
import { basename, isAbsolute, join } from "../dependencies/text.ts";
import { type Failure, failure } from "../errors.ts";
import type { Found, LayoutOptions } from "./layout.ts";

/** What a list is for. */
export type ListRole = "train" | "val" | "test";

/** Parts of names, but not of words such as terrain, latest, contest, interval or invalid. */
const roles: readonly (readonly [role: ListRole, part: RegExp])[] = [
  ["train", /(?<!ter)train/i],
  ["test", /(?<!la|con|pro|grea|fas)test/i],
  ["val", /(?<![a-z])e?val(?![a-z])|(?<!in)valid|evaluation/i],
];

/** What the name of a list says that it is for; null for nothing, or for more than one thing, as `train_test.txt`. */
export const listRole = (path: string): ListRole | null => {
  const told = roles.filter(([, part]) => part.test(basename(path))).map(([role]) => role);
  return told.length === 1 ? told[0] ?? null : null;
};

/** The paths of the lists that a layout by lists is read from, of which there is at least one. */
export interface Lists {
  /** Of the training samples, or of all. */
  readonly train: string | undefined;
  /** Of the test samples, where they have a list of their own. */
  readonly test: string | undefined;
}

const unclear = (folder: string, files: readonly string[]): Failure =>
  failure(
    "data",
    folder,
    files.length === 0 ? "no list" : `the lists ${files.map((file) => basename(file)).join(", ").slice(0, 200)}`,
    "one list of training samples",
    "Name it by --set data.list=NAME; --set data.testList=NAME names that of the test.",
  );

/** Of some lists the one that says so by its name, else the only one that does not say anything. */
const trainingList = (files: readonly string[]): string | undefined => {
  const named = files.find((file) => listRole(file) === "train");
  const [silent, ...others] = files.filter((file) => listRole(file) === null);
  return named ?? (others.length === 0 ? silent : undefined);
};

const testingList = (files: readonly string[]): string | undefined =>
  files.find((file) => listRole(file) === "test") ?? files.find((file) => listRole(file) === "val");

/**
 * The lists that the options name, or else those that were found, by what their names say that they are for. A lone list
 * that is called one of test samples is that, and leaves nothing to train on.
 *
 * Errors: "data" if there are several of which none tells itself as that of training or of test samples.
 */
export const chosenLists = (
  { list, testList }: Pick<LayoutOptions, "list" | "testList">,
  { folder, files }: Found,
): Either<Failure, Lists> => {
  const inFolder = (name: string): string | undefined => name === "" ? undefined : join(folder, name);
  const [ownTrain, ownTest] = [inFolder(list), inFolder(testList)];
  const train = ownTrain ?? trainingList(files.filter((file) => file !== ownTest));
  const test = ownTest ?? testingList(files.filter((file) => file !== train));
  return train === undefined && test === undefined ? E.left(unclear(folder, files)) : E.right({ train, test });
};

/** The folders at which the paths of a list begin; undefined for the layout's usual one. */
export interface Roots {
  /** That of the images. */
  readonly imageRoot: string | undefined;
  /** That of the depth maps. */
  readonly depthRoot: string | undefined;
}

/** The folders that the options name, absolute or in the folder of the data. */
export const rootsOf = (
  { imageRoot, depthRoot }: Pick<LayoutOptions, "imageRoot" | "depthRoot">,
  folder: string,
): Roots => {
  const named = (root: string): string | undefined =>
    root === "" ? undefined : isAbsolute(root) ? root : join(folder, root);
  return { imageRoot: named(imageRoot), depthRoot: named(depthRoot) ?? named(imageRoot) };
};
