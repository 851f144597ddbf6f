import { inBatches } from "../data/folders.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { basename } from "../dependencies/text.ts";
import { attempt, type Failure, failure } from "../errors.ts";
import { fileFailure } from "../formats/files.ts";
import { isOwn } from "./image_files.ts";
import type { PlannedImage } from "./result_names.ts";

/** Where files really lie, links followed; those that are not there or lie where nothing can be looked at are left out. */
const realPaths = (paths: readonly string[]): TaskEither<Failure, ReadonlyMap<string, string>> =>
  pipe(
    inBatches(paths, (path) => TE.fromTask(async () => [path, await Deno.realPath(path).catch(() => null)] as const)),
    TE.map((found) => new Map(found.flatMap(([path, real]) => real === null ? [] : [[path, real]]))),
  );

const imagesOf = (planned: readonly PlannedImage[]): readonly string[] => planned.map(({ image }) => image);

const resultsOf = (planned: readonly PlannedImage[]): readonly string[] =>
  planned.flatMap(({ results }) => results.map(({ path }) => path));

interface Sifted {
  readonly kept: readonly PlannedImage[];
  readonly replaced: readonly PlannedImage[];
}

/**
 * The images that no result of another one will replace. A result is called longer than its image: so the shortest names are
 * kept first, and only what is kept replaces anything.
 */
const notReplaced = (
  planned: readonly PlannedImage[],
  real: ReadonlyMap<string, string>,
): ReadonlySet<PlannedImage> => {
  const [kept, replaced] = [new Set<PlannedImage>(), new Set<string | undefined>()];
  for (const each of planned.toSorted((a, b) => basename(a.image).length - basename(b.image).length)) {
    const place = real.get(each.image);
    if (place !== undefined && replaced.has(place)) continue;
    kept.add(each);
    each.results.forEach(({ path }) => replaced.add(real.get(path)));
  }
  return kept;
};

/** The images as they are, less those that results of others are to replace, which are none to predict then. */
export const withoutReplaced = (planned: readonly PlannedImage[]): TaskEither<Failure, Sifted> =>
  pipe(
    realPaths([...imagesOf(planned), ...resultsOf(planned)]),
    TE.map((real) => {
      const kept = notReplaced(planned, real);
      return { kept: planned.filter((each) => kept.has(each)), replaced: planned.filter((each) => !kept.has(each)) };
    }),
  );

const nullIfMissing = (reason: unknown): null => {
  if (reason instanceof Deno.errors.NotFound) return null;
  throw reason;
};

/** Why no result may be written to a path; null if one may. */
type Obstacle = { readonly path: string; readonly why: string } | null;

const obstacleAt = async (path: string, overwrite: boolean, images: ReadonlySet<string>): Promise<Obstacle> => {
  const info = await Deno.lstat(path).catch(nullIfMissing);
  if (info === null) return null;
  if (info.isDirectory) return { path, why: "a folder" };
  if (info.isSymlink) return { path, why: "a link to another file, which would be replaced" };
  const real = await Deno.realPath(path).catch(() => null);
  if (real !== null && images.has(real)) return { path, why: "one of the pictures to predict" };
  return overwrite || (info.isFile && await isOwn(path))
    ? null
    : { path, why: "a file that predict is not known to have written" };
};

/** How many obstacles are listed. */
const listed = 10;

const refusal = (out: string, obstacles: readonly NonNullable<Obstacle>[]): Failure => {
  const lines = obstacles.slice(0, listed).map(({ path, why }) => `${path}: ${why}`);
  const rest = obstacles.length - lines.length;
  return {
    ...failure(
      "file",
      out,
      `${obstacles.length} in the place of results, listed below`,
      "nothing there but PNGs of predict",
      "Choose another --out, or replace files with --overwrite, which leaves folders and links alone.",
    ),
    details: rest === 0 ? lines : [...lines, `and ${rest} more`],
  };
};

/**
 * Whether all results may be written where they are planned. Errors: "file", listing what stands there: folders, pictures that
 * are to be predicted, links, and, unless they may be overwritten, files that do not say that `predict` wrote them.
 */
export const checkFree = (
  planned: readonly PlannedImage[],
  out: string,
  overwrite: boolean,
): TaskEither<Failure, void> =>
  pipe(
    realPaths(imagesOf(planned)),
    TE.map((real) => new Set(real.values())),
    TE.chain((images) =>
      inBatches(
        resultsOf(planned),
        (path) => attempt(() => obstacleAt(path, overwrite, images), (reason) => fileFailure(path, "write", reason)),
      )
    ),
    TE.map((found) => found.filter((each) => each !== null)),
    TE.chainEitherK((obstacles) => obstacles.length === 0 ? E.right(undefined) : E.left(refusal(out, obstacles))),
  );
