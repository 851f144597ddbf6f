/** The folder of a run holds one training, and never parts of two: what lies in it is refused or moved aside, not replaced. */
import { E, type Either, type TaskEither } from "../dependencies/fp.ts";
import { resolve } from "../dependencies/text.ts";
import { attempt, type Failure, failure } from "../errors.ts";
import { fileFailure, removeAbandoned } from "../formats/files.ts";
import { holderOf, lockFolder, takenBy, timeText, withLock } from "./folder_lock.ts";

/** The files of a run.
 * @category Experiments */
export interface RunPaths {
  /** The network, for `evaluate`, `predict` and {@link loadDepthNetwork}. */
  readonly checkpoint: string;
  /** What {@link Experiment} holds of numbers, as JSON. */
  readonly metrics: string;
  /** A line of JSON for every step. */
  readonly log: string;
  /** The configuration as resolved. */
  readonly configuration: string;
  /** The folder of pictures of test samples; they are drawn if `evaluation.pictures` is above 0. */
  readonly pictures: string;
}

/** The paths of a run in a folder.
 * @category Experiments */
export const runPaths = (out: string): RunPaths => ({
  checkpoint: `${out}/checkpoint.safetensors`,
  metrics: `${out}/metrics.json`,
  log: `${out}/log.jsonl`,
  configuration: `${out}/config.json`,
  pictures: `${out}/pictures`,
});

/** The names of what a training leaves, besides its configuration, from which another one can begin. */
const isOfTraining = (name: string): boolean =>
  /^(checkpoint\.safetensors|unfinished\.safetensors|heg-[\w-]+\.safetensors|log\.jsonl|metrics\.json)$/.test(name);

/** A training that lies in a folder. */
interface FoundTraining {
  readonly finished: boolean;
  readonly files: readonly string[];
  /** When it finished, or was begun. */
  readonly time: Date | null;
}

const listed = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
  } catch (reason) {
    if (reason instanceof Deno.errors.NotFound) return [];
    throw reason;
  }
};

/** The files of a training in a folder; a log without a step is nothing that anybody would miss. */
const filesIn = async (folder: string): Promise<readonly string[]> => {
  const names = (await listed(folder)).filter(isOfTraining);
  const sizes = await Promise.all(names.map(async (name) => (await Deno.stat(`${folder}/${name}`)).size));
  return names.filter((name, at) => name !== "log.jsonl" || sizes[at] !== 0);
};

const timeOf = async (folder: string, names: readonly string[]): Promise<Date | null> => {
  for (const name of names) {
    const info = await Deno.stat(`${folder}/${name}`).catch(() => null);
    if (info !== null) return info.mtime;
  }
  return null;
};

/** The training that lies in a folder; null if there is none. Errors: "file" if that cannot be told. */
const trainingIn = (folder: string): TaskEither<Failure, FoundTraining | null> =>
  attempt(async () => {
    const files = await filesIn(folder);
    if (files.length === 0) return null;
    const finished = files.includes("metrics.json");
    return { files, finished, time: await timeOf(folder, finished ? ["metrics.json"] : ["config.json", ...files]) };
  }, (reason) => fileFailure(folder, "read", reason));

/** A training that was found, in words. */
const describeFound = ({ finished, files, time }: FoundTraining): string => {
  const when = time === null ? "" : ` of ${timeText(time)}`;
  return `${finished ? "a finished training" : "the beginning of a training"}${when} (${files.join(", ")})`;
};

const occupied = (out: string, found: FoundTraining): Failure =>
  failure(
    "file",
    out,
    describeFound(found),
    "a folder without a training",
    "--fresh (fresh: true in scripts) moves it aside and begins anew; or choose another --out.",
  );

/** What a run is made from, by the name of its field: files and folders that must stay where they are. */
export type Inputs = readonly (readonly [field: string, path: string])[];

/** How the folder of a run is taken. */
export interface FolderOptions {
  /** Whether a training that lies in it is moved aside; else it is refused. */
  readonly fresh: boolean;
  /** What must not be moved with it. */
  readonly inputs: Inputs;
}

const within = (folder: string, path: string): boolean => `${resolve(path)}/`.startsWith(`${resolve(folder)}/`);

/** Whether a folder can be moved without what the run is made from, and without the ground that the program stands on. */
const checkMovable = (out: string, inputs: Inputs): Either<Failure, void> => {
  const [field, path] = inputs.find(([, path]) => within(out, path)) ??
    (within(out, Deno.cwd()) ? ["the current folder", Deno.cwd()] : []);
  return field === undefined ? E.right(undefined) : E.left(failure(
    "file",
    out,
    `what the new training needs (${field}: ${path})`,
    "a folder that --fresh can move aside",
    "Choose another --out.",
  ));
};

/**
 * Whether a training may begin in a folder. Nothing is written. Other files in it are nobody's concern.
 *
 * Errors: "file" if another one runs in it, or lies in it and is not to be moved aside, or cannot be.
 */
export const checkFolder = (out: string, { fresh, inputs }: FolderOptions): TaskEither<Failure, void> => async () => {
  const holder = await holderOf(out)();
  if (E.isLeft(holder)) return holder;
  if (holder.right !== null) return E.left(takenBy(out, holder.right));
  const found = await trainingIn(out)();
  if (E.isLeft(found)) return found;
  if (found.right === null) return E.right(undefined);
  return fresh ? checkMovable(out, inputs) : E.left(occupied(out, found.right));
};

/** The first of `FOLDER.1`, `FOLDER.2` … that is not there. */
const freeName = async (folder: string): Promise<string> => {
  for (let number = 1;; number++) {
    const name = `${folder}.${number}`;
    if (await Deno.lstat(name).then(() => false, (reason) => reason instanceof Deno.errors.NotFound)) return name;
  }
};

/** Moves a folder to a free name beside it, which it gives. A link stays: the folder that it leads to is moved. */
const moveAside = (out: string): TaskEither<Failure, string> => async () => {
  const lock = await lockFolder(out, "the moving of a training")();
  if (E.isLeft(lock)) return lock;
  let place = out;
  return await attempt(async () => {
    const real = await Deno.realPath(out);
    const aside = await freeName(real);
    await Deno.rename(real, aside);
    place = aside;
    await Deno.mkdir(real);
    return real === resolve(out) ? out.replace(/\/+$/, "") + aside.slice(real.length) : aside;
  }, (reason) => fileFailure(out, "write", reason))().finally(() => lock.right.release(place));
};

/**
 * Uses a folder for one training, alone. What lies in it already is refused or moved aside, told by `message`; what dead
 * processes left half written is removed.
 *
 * Errors: those of {@link checkFolder}, of writing, and of `use`.
 */
export const inRunFolder = <A>(
  out: string,
  options: FolderOptions,
  message: (line: string) => void,
  use: () => TaskEither<Failure, A>,
): TaskEither<Failure, A> =>
async () => {
  const free = await checkFolder(out, options)();
  if (E.isLeft(free)) return free;
  const found = await trainingIn(out)();
  if (E.isLeft(found)) return found;
  if (found.right !== null) {
    const moved = await moveAside(out)();
    if (E.isLeft(moved)) return moved;
    message(`${out}: ${describeFound(found.right)} was moved to ${moved.right}`);
  }
  return await withLock(out, "a training", () => async () => {
    // Between the look and the lock another one may have come and gone.
    const again = await trainingIn(out)();
    if (E.isLeft(again)) return again;
    if (again.right !== null) return E.left(occupied(out, again.right));
    await removeAbandoned(out)();
    return await use()();
  })();
};

/** What an interrupted training leaves in its folder, as a sentence. */
export const describeKept = (out: string): TaskEither<Failure, string> => async () => {
  const found = await trainingIn(out)();
  if (E.isLeft(found)) return found;
  const files = found.right?.files ?? [];
  return E.right(
    files.length === 0
      ? `Nothing of a training is kept in ${out}.`
      : `Kept in ${out}: ${files.join(", ")}; --fresh moves it aside and begins anew.`,
  );
};
