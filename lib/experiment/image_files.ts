import { inBatches } from "../data/folders.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { basename, extname, join, resolve } from "../dependencies/text.ts";
import { attempt, type Failure, failure } from "../errors.ts";
import { openSource } from "../formats/byte_source.ts";
import { fileFailure } from "../formats/files.ts";
import { formatNames, isPicture, pictureFormats } from "../formats/picture_formats.ts";
import { isOwnResult, markedBytes } from "../pictures/depth_formats.ts";

/** Something that was named, or lies in a folder that was, and is not predicted.
 * @category Experiments */
export interface LeftOut {
  /** Where it is. */
  readonly path: string;
  /** What it and its like are, in the plural, such as "hidden files". */
  readonly kind: string;
}

/** What is to be predicted of what was named.
 * @category Experiments */
export interface ImageFiles {
  /** The pictures, each once. */
  readonly images: readonly string[];
  /** What else there was. */
  readonly leftOut: readonly LeftOut[];
}

/** Pictures that people have and that are not read here, by the endings of their names. */
const others: ReadonlyMap<string, string> = new Map([
  ...[".heic", ".heif", ".hif"].map((ending) => [ending, "HEIC pictures"] as const),
  [".avif", "AVIF pictures"],
  [".gif", "GIF pictures"],
  [".bmp", "BMP pictures"],
  [".jxl", "JPEG XL pictures"],
  ...[".jp2", ".j2k"].map((ending) => [ending, "JPEG 2000 pictures"] as const),
  ...[".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".raf", ".rw2"].map((ending) =>
    [ending, "raw pictures"] as const
  ),
]);

const ownResults = "depth maps that predict wrote";

/** Whether a file is a result of `predict`, which it tells by itself; one that cannot be read is none. */
export const isOwn = async (path: string): Promise<boolean> => {
  const start = await pipe(openSource(path), TE.chain(({ size, read }) => read(0, Math.min(size, markedBytes))))();
  return E.isRight(start) && isOwnResult(start.right);
};

/** A link counts as what it leads to; one that leads nowhere is a file, which cannot be read. */
const isFolder = async (
  path: string,
  { isDirectory, isSymlink }: Pick<Deno.DirEntry, "isDirectory" | "isSymlink">,
): Promise<boolean> =>
  isDirectory || (isSymlink && await Deno.stat(path).then((info) => info.isDirectory, () => false));

/** Why something in a folder is left out; null for a picture. */
const kindOf = async (path: string, entry: Deno.DirEntry): Promise<string | null> => {
  if (entry.name.startsWith(".")) return "hidden files";
  if (await isFolder(path, entry)) return "folders";
  if (!isPicture(entry.name)) return others.get(extname(entry.name).toLowerCase()) ?? "other files";
  return await isOwn(path) ? ownResults : null;
};

type Sorted = readonly { readonly path: string; readonly kind: string | null }[];

const inFolder = (folder: string): TaskEither<Failure, Sorted> =>
  pipe(
    attempt(() => Array.fromAsync(Deno.readDir(folder)), (reason) => fileFailure(folder, "read", reason)),
    TE.map((entries) => entries.toSorted((first, second) => first.name < second.name ? -1 : 1)),
    TE.chain((entries) =>
      inBatches(entries, (entry) => {
        const path = join(folder, entry.name);
        return attempt(
          async () => ({ path, kind: await kindOf(path, entry) }),
          (why) => fileFailure(path, "read", why),
        );
      })
    ),
  );

/** A file is taken for a picture whatever it is called, and a link that leads nowhere is reported when it is read. */
const named = (path: string): TaskEither<Failure, Sorted> =>
  pipe(
    attempt(async () => {
      if (await isFolder(path, await Deno.lstat(path))) return null;
      return [{ path, kind: await isOwn(path) ? ownResults : null }];
    }, (reason) => fileFailure(path, "read", reason)),
    TE.chain((file) => file === null ? inFolder(path) : TE.right(file)),
  );

/** Each path once, however it was written. */
const distinct = (found: Sorted): Sorted =>
  [...new Map(found.toReversed().map((each) => [resolve(each.path), each])).values()].toReversed();

/** How many names of each kind are shown. */
const shown = 3;

/** What was left out, counted by kind, with the first names; null for nothing.
 * @category Experiments */
export const describeLeftOut = (leftOut: readonly LeftOut[]): string | null => {
  const kinds = [...Map.groupBy(leftOut, ({ kind }) => kind)].map(([kind, files]) => {
    const names = files.slice(0, shown).map(({ path }) => basename(path));
    return `${kind}: ${files.length} (${[...names, ...files.length > shown ? ["…"] : []].join(", ")})`;
  });
  return kinds.length === 0 ? null : `left out: ${kinds.join("; ")}`;
};

const noImage = (leftOut: readonly LeftOut[]): Failure =>
  failure(
    "usage",
    "predict",
    ["no image", ...leftOut.length === 0 ? [] : [`(${describeLeftOut(leftOut)})`]].join(" "),
    `at least one file (${formatNames(pictureFormats)}), or a folder with some`,
  );

/**
 * The pictures among files and folders by name; a folder stands for the pictures in it, less what is hidden. What `predict`
 * wrote itself is never taken for a picture.
 *
 * Errors: "missing" and "file" for what is named and cannot be looked at; "usage" if there is no picture.
 * @category Experiments
 */
export const imageFiles = (paths: readonly string[]): TaskEither<Failure, ImageFiles> =>
  pipe(
    TE.sequenceSeqArray(paths.map(named)),
    TE.map((lists) => distinct(lists.flat())),
    TE.map((found) => ({
      images: found.flatMap(({ path, kind }) => kind === null ? [path] : []),
      leftOut: found.flatMap(({ path, kind }) => kind === null ? [] : [{ path, kind }]),
    })),
    TE.filterOrElse(({ images }) => images.length > 0, ({ leftOut }) => noImage(leftOut)),
  );
