import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { type Folder, inBatches, readFolder } from "./folders.ts";

/** How deep below its root SUN RGB-D is searched: the published one has frames at up to five folders below. */
const deepest = 8;

/** How many folders are opened in the search: the published one has 10,335 frames. */
const mostFolders = 200_000;

/** Whether a folder with these names is a frame of SUN RGB-D. */
export const isSunFrame = ({ files, folders }: Folder): boolean =>
  folders.includes("image") &&
  (folders.includes("depth") || folders.includes("depth_bfx") || files.includes("intrinsics.txt"));

interface Opened {
  readonly path: string;
  readonly folder: Folder;
}

const open = (path: string): TaskEither<Failure, Opened> =>
  pipe(readFolder(path), TE.map((folder) => ({ path, folder })));

/** The folders in those that are no frames. */
const below = (level: readonly Opened[]): readonly string[] =>
  level.flatMap(({ path, folder }) => isSunFrame(folder) ? [] : folder.folders.map((name) => `${path}/${name}`));

const tooMany = (root: string): Failure =>
  failure("data", root, `more than ${mostFolders} folders`, "the folder of SUN RGB-D");

/**
 * The folders of frames in a folder, itself included, sorted; links to folders are not followed. Errors: "file" for a folder
 * that cannot be read, "data" if there are far more folders than SUN RGB-D has.
 */
export const sunFrameFolders = (root: string): TaskEither<Failure, readonly string[]> => async () => {
  const frames: string[] = [];
  let level: readonly string[] = [root];
  let opened = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    opened += level.length;
    if (opened > mostFolders) return E.left(tooMany(root));
    const folders = await inBatches(level, open)();
    if (folders._tag === "Left") return folders;
    frames.push(...folders.right.filter(({ folder }) => isSunFrame(folder)).map(({ path }) => path));
    level = below(folders.right);
  }
  return E.right(frames.sort());
};
