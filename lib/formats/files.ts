import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname, join } from "../dependencies/text.ts";
import { attempt, causedBy, type Failure, failure, FailureError, reasonText } from "../errors.ts";
import { knownKind } from "./file_kinds.ts";
import { bytesText, type FileUse, type SizeLimit, sizeLimits } from "./size_limits.ts";

/** The `code` that the operating system gives an error, such as `ENOSPC`. */
const codeOf = (reason: unknown): string | undefined =>
  reason instanceof Error && "code" in reason && typeof reason.code === "string" ? reason.code : undefined;

/** What a file was wanted for. */
export type Use = "read" | "write";

const permissionAdvice: Readonly<Record<Use, string>> = {
  read: "Run with --allow-read.",
  write: "Run with --allow-read and --allow-write.",
};

/** What each code means and what to do about it. */
const explanations: ReadonlyMap<string, readonly [found: string, advice: string]> = new Map([
  ["ENOENT", ["no such file", "Check the path; it is given as seen from the folder in which the program runs."]],
  ["EACCES", ["a file or folder without the right to use it", "Check who owns it, or choose another folder."]],
  ["EPERM", ["a file or folder without the right to use it", "Check who owns it, or choose another folder."]],
  ["EROFS", ["a disk that can only be read", "Choose another folder."]],
  ["ENOTDIR", ["a file where the path needs a folder", "Check the folders of the path."]],
  ["EISDIR", ["a folder", "Name a file inside the folder."]],
  ["ENOSPC", ["no space left on the disk", "Free some space or choose another disk; no half file was left."]],
  ["EDQUOT", ["no space left in the disk quota", "Free some space or choose another disk; no half file was left."]],
  ["ENAMETOOLONG", ["a name that is too long", "Choose a shorter name."]],
  ["ELOOP", ["symbolic links that go in a circle", "Check where the links of the path lead."]],
  ["EMFILE", ["too many open files", "Close other programs or raise the limit of open files."]],
]);

const explanationOf = (use: Use, reason: unknown): readonly [found: string, advice?: string] => {
  if (reason instanceof Deno.errors.NotCapable) return [`no permission of Deno to ${use} it`, permissionAdvice[use]];
  const code = codeOf(reason);
  return (code === undefined ? undefined : explanations.get(code)) ?? [reasonText(reason)];
};

/** Below a file there is nothing to read; but what cannot be written there is not missing. */
const isMissing = (use: Use, reason: unknown): boolean =>
  reason instanceof Deno.errors.NotFound || (use === "read" && reason instanceof Deno.errors.NotADirectory);

/**
 * Why a file cannot be read or written, in words, from what Deno threw, which is the cause. Its kind is `missing` if the
 * file or a folder of its path is not there, else `file`.
 */
export const fileFailure = (path: string, use: Use, reason: unknown): Failure => {
  const expected = use === "read" ? "a file that can be read" : "a place where a file can be written";
  const kind = isMissing(use, reason) ? "missing" : "file";
  const [found, advice] = explanationOf(use, reason);
  return pipe(failure(kind, path, found, expected, advice), causedBy(reason));
};

/** Throws for what is no ordinary file: pipes and devices may never end, and replacing one would harm the system. */
export const checkRegular = (path: string, info: Deno.FileInfo): void => {
  if (info.isFile) return;
  const found = info.isDirectory ? "a folder" : "a device or a pipe";
  const advice = info.isDirectory ? "Name a file inside the folder." : "Choose another path.";
  throw new FailureError(failure("file", path, found, "an ordinary file", advice));
};

const tooLarge = (path: string, size: number, { what, most, advice }: SizeLimit): FailureError => {
  const isNear = bytesText(size) === bytesText(most);
  const [found, limit] = isNear ? [`${size} bytes`, `${most} bytes`] : [bytesText(size), bytesText(most)];
  return new FailureError(failure("file", path, found, `${what} of at most ${limit}`, advice));
};

/**
 * All bytes that a file gives, whatever size it tells; `path` names it. One that grows while it is read, or does not tell its
 * size, is held to the limit as well. @throws FailureError with kind `file` for more bytes than the limit allows.
 */
export const readToEnd = async (
  path: string,
  file: Pick<Deno.FsFile, "read">,
  size: number,
  limit: SizeLimit,
): Promise<Uint8Array> => {
  if (size > limit.most) throw tooLarge(path, size, limit);
  let bytes = new Uint8Array(size + 1);
  for (let filled = 0;;) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) return bytes.subarray(0, filled);
    filled += count;
    if (filled > limit.most) throw tooLarge(path, filled, limit);
    if (filled < bytes.length) continue;
    const larger = new Uint8Array(Math.min(2 * bytes.length, limit.most) + 1);
    larger.set(bytes);
    bytes = larger;
  }
};

/**
 * The bytes of an ordinary file, at most as many as {@link sizeLimits} allow for its use; nothing of a larger one is read.
 * Left with kind `missing` or `file` if it cannot be read; the message says why.
 * @category Files
 */
export const readBytes = (path: string, use: FileUse = "file"): TaskEither<Failure, Uint8Array> =>
  attempt(
    async () => {
      // Before it is opened: a pipe that nobody writes to would be waited for.
      checkRegular(path, await Deno.stat(path));
      using file = await Deno.open(path);
      return await readToEnd(path, file, (await file.stat()).size, sizeLimits[use]);
    },
    (reason) => fileFailure(path, "read", reason),
  );

const strict = new TextDecoder("utf-8", { fatal: true });

const checkText = (path: string, bytes: Uint8Array): Either<Failure, string> =>
  E.tryCatch(
    () => strict.decode(bytes),
    (reason) => {
      const { what, advice } = knownKind(bytes) ?? { what: "bytes that are not UTF-8" };
      const save = "Check that this is the file you meant, and save it in UTF-8.";
      return pipe(failure("format", path, what, "a text in UTF-8", advice ?? save), causedBy(reason));
    },
  );

/**
 * The text of a file in UTF-8, without a byte order mark. Left as {@link readBytes}, and with kind `format` if it is
 * no UTF-8, saying what it is instead.
 * @category Files
 */
export const readText = (path: string, use: FileUse = "list"): TaskEither<Failure, string> =>
  pipe(readBytes(path, use), TE.chainEitherK((bytes) => checkText(path, bytes)));

/** Whether a path is absolute, or has a step up: what a list of files below its folder never has. */
export const leavesFolder = (path: string): boolean =>
  /^([/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes("..");

/** The file that a path leads to: through a link, its target, so that the link stays. */
const resolveTarget = async (path: string): Promise<string> => {
  try {
    checkRegular(path, await Deno.stat(path));
    return await Deno.realPath(path);
  } catch (reason) {
    if (reason instanceof Deno.errors.NotFound) return path;
    throw reason;
  }
};

/** Parts of a file in order, at once or as they come.
 * @category Files */
export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const writeChunks = async (path: string, chunks: Chunks): Promise<void> => {
  using file = await Deno.open(path, { write: true, createNew: true });
  // The system ends the lock with the process, however that ends: what has none is nobody's any more. Some disks have no locks.
  await file.tryLock(true).catch(() => false);
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
  }
  // Some disks report that they are full only here, and a rename must not overtake the data.
  await file.sync();
};

const replaceFile = async (path: string, chunks: Chunks): Promise<void> => {
  const target = await resolveTarget(path);
  const folder = dirname(target);
  await Deno.mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${crypto.randomUUID()}.part`);
  try {
    await writeChunks(temporary, chunks);
    await Deno.rename(temporary, target);
  } catch (reason) {
    // What matters is the first error; often the temporary file was never made.
    await Deno.remove(temporary).catch(() => {});
    throw reason;
  }
};

/**
 * Writes a file whole or not at all: the bytes go to a temporary file in the same folder, which then takes the name.
 * On any failure the temporary file is removed and what was at `path` is unchanged. Missing folders are made. Chunks
 * are written as they are drawn, so that a large file needs no second copy in memory. Left with kind `file`, whose message
 * says why, or with what a source of chunks throws as a FailureError. Needs the permissions to read and to write.
 * @category Files
 */
export const writeBytes = (path: string, bytes: Uint8Array | Chunks): TaskEither<Failure, void> =>
  attempt(
    () => replaceFile(path, bytes instanceof Uint8Array ? [bytes] : bytes),
    (reason) => fileFailure(path, "write", reason),
  );

/** Parts that younger processes may be about to lock are not looked at. */
const youngest = 10_000;

const isAbandoned = async (path: string): Promise<boolean> => {
  using file = await Deno.open(path, { read: true, write: true });
  const { mtime } = await file.stat();
  return Date.now() - (mtime?.getTime() ?? Date.now()) > youngest && await file.tryLock(true);
};

/**
 * Removes the temporary files that {@link writeBytes} left in a folder when its process was killed, and no others: those
 * that are being written are locked. Whoever cannot do so leaves them.
 */
export const removeAbandoned = (folder: string): TaskEither<never, void> =>
  TE.fromTask(async () => {
    try {
      for await (const { name, isFile } of Deno.readDir(folder)) {
        const path = join(folder, name);
        if (isFile && /^\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(name) && await isAbandoned(path)) {
          await Deno.remove(path);
        }
      }
    } catch {
      // They are in nobody's way: what is to be written says itself why it cannot be.
    }
  });

/** What of a file is needed to append to it. */
export type Appendable = Pick<Deno.FsFile, "writeSync" | "statSync" | "truncateSync">;

/** Appends bytes to a file whole or not at all. @throws What the file throws, after what was written of them is taken off. */
export const appendWhole = (file: Appendable, bytes: Uint8Array): void => {
  const { size } = file.statSync();
  try {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
  } catch (reason) {
    file.truncateSync(size);
    throw reason;
  }
};

/** Writes a text in UTF-8, as {@link writeBytes}.
 * @category Files */
export const writeText = (path: string, text: string): TaskEither<Failure, void> =>
  writeBytes(path, new TextEncoder().encode(text));

/** The folder at a path, or, where there is none yet, the one that it would be made in. */
const nearestFolder = async (path: string): Promise<string> => {
  try {
    if ((await Deno.stat(path)).isDirectory) return path;
  } catch (reason) {
    if (!(reason instanceof Deno.errors.NotFound) || dirname(path) === path) throw reason;
    return await nearestFolder(dirname(path));
  }
  throw new FailureError(failure("file", path, "a file where the path needs a folder", "a folder or nothing"));
};

/**
 * Whether files can be written to a folder, which need not be there yet: a file is made and removed there, or in the folder
 * that it would be made in. Errors: "file", which says why not.
 */
export const checkWritable = (path: string): TaskEither<Failure, void> =>
  attempt(async () => {
    const folder = await nearestFolder(path);
    // A permission to write to the path alone does not reach to the folder above it.
    if (folder !== path && (await Deno.permissions.query({ name: "write", path: folder })).state !== "granted") return;
    const probe = join(folder, `.${crypto.randomUUID()}.part`);
    (await Deno.open(probe, { write: true, createNew: true })).close();
    await Deno.remove(probe);
  }, (reason) => fileFailure(path, "write", reason));
