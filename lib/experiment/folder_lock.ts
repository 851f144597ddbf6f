/** One process at a time works in a folder: a lock of the operating system says so, which ends with its holder, however that ends. */
import { E, type TaskEither } from "../dependencies/fp.ts";
import { attempt, type Failure, failure, FailureError } from "../errors.ts";
import { fileFailure } from "../formats/files.ts";
import { isJsonObject, jsonValue } from "../formats/json.ts";

/** Who works in a folder, as its lock file says. */
export interface LockHolder {
  /** What it does, such as "a training". */
  readonly what: string;
  /** The number of its process; 0 if it does not say. */
  readonly pid: number;
  /** When it began, in ISO 8601; empty if it does not say. */
  readonly since: string;
}

/** Whether nobody has an open file locked, which is locked then; always on disks without locks, on which nobody is refused. */
const isFree = (file: Deno.FsFile): Promise<boolean> => file.tryLock(true).catch(() => true);

const lockPath = (folder: string): string => `${folder}/.lock`;

const holderIn = (text: string): LockHolder => {
  const value = jsonValue(text);
  const { what, pid, since } = isJsonObject(value) ? value : {};
  return {
    what: typeof what === "string" ? what : "another run",
    pid: typeof pid === "number" ? pid : 0,
    since: typeof since === "string" ? since : "",
  };
};

const readHolder = async (folder: string): Promise<LockHolder> =>
  holderIn(await Deno.readTextFile(lockPath(folder)).catch(() => ""));

/** A time as people write it, to the minute and in their zone. */
export const timeText = (time: Date): string => {
  const [date = "", clock = ""] = new Date(time.getTime() - 60_000 * time.getTimezoneOffset()).toISOString().split("T");
  return `${date} ${clock.slice(0, 5)}`;
};

const timesIn = ({ pid, since }: LockHolder): string => {
  const begun = Number.isNaN(Date.parse(since)) ? [] : [`since ${timeText(new Date(since))}`];
  const parts = [...(pid > 0 ? [`process ${pid}`] : []), ...begun];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
};

/** Why a folder cannot be had that another process works in. */
export const takenBy = (folder: string, holder: LockHolder): Failure =>
  failure(
    "file",
    folder,
    `${holder.what} that is still running in this folder${timesIn(holder)}`,
    "a folder that nobody else writes to",
    "Wait for it to end, or choose another --out.",
  );

/** Who works in a folder now; null if nobody does. Nothing is written. Errors: "file" if that cannot be told. */
export const holderOf = (folder: string): TaskEither<Failure, LockHolder | null> =>
  attempt(async () => {
    try {
      using file = await Deno.open(lockPath(folder));
      return await isFree(file) ? null : await readHolder(folder);
    } catch (reason) {
      if (reason instanceof Deno.errors.NotFound || reason instanceof Deno.errors.NotADirectory) return null;
      throw reason;
    }
  }, (reason) => fileFailure(folder, "read", reason));

/** Whether an open file is what its path leads to: who held the lock before may have removed it meanwhile. */
const isThere = async (path: string, file: Deno.FsFile): Promise<boolean> => {
  const there = await Deno.stat(path).catch(() => null);
  return there !== null && there.ino === (await file.stat()).ino;
};

const openLocked = async (folder: string): Promise<Deno.FsFile> => {
  const path = lockPath(folder);
  const file = await Deno.open(path, { create: true, write: true });
  if (!await isFree(file)) {
    file.close();
    throw new FailureError(takenBy(folder, await readHolder(folder)));
  }
  if (await isThere(path, file)) return file;
  file.close();
  return await openLocked(folder);
};

/** A lock that is held. */
export interface FolderLock {
  /** Ends it, in the folder or where that was moved to. */
  readonly release: (folder: string) => Promise<void>;
}

/** Locks a folder, which is made if it is missing. Errors: "file" if another process works in it, or it cannot be written. */
export const lockFolder = (folder: string, what: string): TaskEither<Failure, FolderLock> =>
  attempt(async () => {
    await Deno.mkdir(folder, { recursive: true });
    const file = await openLocked(folder);
    const holder: LockHolder = { what, pid: Deno.pid, since: new Date().toISOString() };
    await file.truncate();
    await file.write(new TextEncoder().encode(`${JSON.stringify(holder)}\n`));
    return {
      release: async (place) => {
        // While it is held, so that nobody else's is removed; where it cannot be, an unlocked file is in nobody's way.
        await Deno.remove(lockPath(place)).catch(() => {});
        file.close();
      },
    };
  }, (reason) => fileFailure(folder, "write", reason));

/**
 * Uses a folder that no other process uses meanwhile.
 *
 * Errors: "file" if another one does, and those of `use`.
 *
 * @param what What is done in it, for the message to others, such as "a training".
 */
export const withLock =
  <A>(folder: string, what: string, use: () => TaskEither<Failure, A>): TaskEither<Failure, A> => async () => {
    const lock = await lockFolder(folder, what)();
    if (E.isLeft(lock)) return lock;
    try {
      return await use()();
    } finally {
      await lock.right.release(folder);
    }
  };
