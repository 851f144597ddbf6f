import { E, type Either } from "../dependencies/fp.ts";
import { basename, join } from "../dependencies/path.ts";
import { type Failure, failure } from "../errors.ts";
import type { Found, LayoutOptions } from "./layouts/layout.ts";
import type { TextLine } from "./text_lines.ts";

/** Whether a path of a list is one of a picture, by its ending. */
export const isPicture = (path: string): boolean => /\.(jpe?g|png)$/i.test(path);

/** What stands between the commas of a line, without spaces around it. */
export const commaFields = ({ text }: TextLine): readonly string[] => text.split(",").map((field) => field.trim());

/** The paths of the lists that a layout by lists is read from. */
export interface Lists {
  /** Of the training samples, or of all. */
  readonly train: string;
  /** Of the test samples, where they have a list of their own. */
  readonly test: string | undefined;
}

const named = (files: readonly string[], part: RegExp): string | undefined =>
  files.find((file) => part.test(basename(file)));

/**
 * The lists that the options name, or else those that were found: a single one, or those that tell by their names what they
 * are for. Errors: "data" if there are several of which none tells itself as that of training.
 */
export const chosenLists = (
  { list, testList }: Pick<LayoutOptions, "list" | "testList">,
  { folder, files }: Found,
): Either<Failure, Lists> => {
  const inFolder = (name: string): string | undefined => name === "" ? undefined : join(folder, name);
  const own = files.length === 1 ? files[0] : named(files, /train/i);
  const train = inFolder(list) ?? own;
  const test = inFolder(testList) ?? named(files.filter((file) => file !== train), /test|val/i);
  return train === undefined
    ? E.left(failure(
      "data",
      folder,
      files.length === 0 ? "no list" : `the lists ${files.map((file) => basename(file)).join(", ")}`,
      "one list of training samples",
      "Name it by --set data.list=NAME.",
    ))
    : E.right({ train, test });
};
