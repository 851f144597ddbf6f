import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname, join } from "../dependencies/path.ts";
import { type Failure, failure } from "../errors.ts";
import { isUrl } from "../formats/http_source.ts";
import type { Dataset } from "./dataset.ts";
import { kindOf } from "./folders.ts";
import type { Found, LayoutOptions } from "./layouts/layout.ts";
import { type Layout, layoutOf } from "./layouts.ts";
import { recognize, type Recognized } from "./recognize_layout.ts";

/** Where data lie and what is wanted of them. What a layout has no choice of is left aside. */
export interface FilesOptions extends LayoutOptions {
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

/** What is in the folder, in the layout that is wanted. A list that is named needs no looking for. */
const recognizedAs = (options: FilesOptions, folder: string): TaskEither<Failure, Recognized> => {
  const { layout, list } = options;
  if (layout === "auto") return recognize(list === "" ? options.folder : join(folder, list));
  if (list !== "") return TE.right({ layout, files: [] });
  return pipe(
    recognize(options.folder),
    TE.filterOrElse(
      (found) => found.layout === layout,
      (found) => otherLayout(layout, options, `the layout ${found.layout}`),
    ),
  );
};

const openAs = (layout: Layout, options: LayoutOptions, found: Found): TaskEither<Failure, Dataset> => async () => {
  const open = await layoutOf(layout).load();
  return await open(options, found)();
};

/**
 * Opens data in any layout that is known, in a folder or by the path of their list.
 *
 * Errors: those of recognising and of opening the layout; "data" if it is not the one that is wanted, or if it has several
 * lists of which none tells itself as that of training.
 */
export const openFiles = (options: FilesOptions): TaskEither<Failure, Dataset> =>
  pipe(
    folderOf(options.folder),
    TE.chain((folder) =>
      pipe(
        recognizedAs(options, folder),
        TE.chain(({ layout, files }) => openAs(layout, options, { folder, files })),
      )
    ),
  );
