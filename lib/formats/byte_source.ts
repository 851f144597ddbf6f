import { E, type Either, type TaskEither, TE } from "../dependencies/fp.ts";
import { attempt, causedBy, type Failure, failure, FailureError, reasonText } from "../errors.ts";
import { checkRegular, fileFailure } from "./files.ts";

/** Bytes that are read where they lie, so that a large file is never in memory as a whole.
 * @category Files */
export interface ByteSource {
  /** The file's name, for messages. */
  readonly name: string;
  /** How many bytes there are. */
  readonly size: number;
  /** Bytes `offset` to `offset + length`. Left with kind `format` beyond the end, `missing` or `file` if reading fails. */
  readonly read: (offset: number, length: number) => TaskEither<Failure, Uint8Array>;
}

const beyond = (name: string, size: number, offset: number, length: number): Failure =>
  failure(
    "format",
    name,
    `a file of ${size} bytes`,
    `at least ${offset + length}`,
    "The file is probably truncated; copy or download it again.",
  );

const isWithin = (size: number, offset: number, length: number): boolean =>
  Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0 && offset + length <= size;

/** Bytes in memory as a source; what is read shares their memory.
 * @category Files */
export const sourceOfBytes = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: (offset, length) =>
    TE.fromEither(
      isWithin(bytes.length, offset, length)
        ? E.right(bytes.subarray(offset, offset + length))
        : E.left(beyond(name, bytes.length, offset, length)),
    ),
});

/** What tells a file from another one that took its name. */
const identityOf = ({ ino, dev, size, mtime }: Deno.FileInfo): string => [ino, dev, size, mtime?.getTime()].join();

const readFileRange = async (path: string, identity: string, offset: number, length: number): Promise<Uint8Array> => {
  using file = await Deno.open(path);
  if (identityOf(await file.stat()) !== identity) {
    throw new FailureError(
      failure("file", path, "a file that was changed while it was read", "one that stays as it is"),
    );
  }
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) throw new FailureError(beyond(path, offset + filled, offset, length));
    filled += count;
  }
  return bytes;
};

/**
 * An ordinary file as a source. It is opened for each reading, so nothing has to be closed; a file that was changed or
 * replaced between two readings is refused. Left with kind `missing` or `file` if it cannot be read.
 * @category Files
 */
export const openSource = (path: string): TaskEither<Failure, ByteSource> =>
  attempt(
    async () => {
      const info = await Deno.stat(path);
      checkRegular(path, info);
      const [size, identity] = [info.size, identityOf(info)];
      return {
        name: path,
        size,
        read: (offset, length) =>
          isWithin(size, offset, length)
            ? attempt(
              () => readFileRange(path, identity, offset, length),
              (reason) => fileFailure(path, "read", reason),
            )
            : TE.left(beyond(path, size, offset, length)),
      };
    },
    (reason) => fileFailure(path, "read", reason),
  );

/** How long a server is waited for, and how often it is asked again.
 * @category Files */
export interface HttpOptions {
  /** Milliseconds after which a request that has not been answered with all its bytes is given up, 30,000 unless given. */
  readonly timeout?: number;
  /** How often a request is made again that failed for a reason that may pass, 3 times unless given. */
  readonly retries?: number;
  /** Milliseconds before it is made again for the first time, twice as many before each further time; 500 unless given. */
  readonly pause?: number;
}

/** So many bytes at most are asked for by one request, so that a slow connection has time enough for each. */
const mostAtOnce = 2 ** 22;

/** Why a request failed, and whether it may succeed if it is made again. */
interface Trouble {
  readonly problem: Failure;
  readonly passing: boolean;
}

const refused = (url: string, found: string, advice?: string): Failure =>
  failure("file", url, found, "a server that gives ranges of the file's bytes", advice);

const trouble = (passing: boolean, problem: Failure): Either<Trouble, never> => E.left({ problem, passing });

const ofReason = (url: string, timeout: number, reason: unknown): Either<Trouble, never> => {
  if (reason instanceof Deno.errors.NotCapable) {
    const advice = `Run with --allow-net=${new URL(url).host}.`;
    return trouble(false, causedBy(reason)(refused(url, "no permission of Deno to use the network", advice)));
  }
  const late = reason instanceof DOMException && reason.name === "TimeoutError";
  const found = late ? `no whole answer within ${timeout / 1000} s` : reasonText(reason);
  return trouble(true, causedBy(reason)(refused(url, found, "Check the address and the network.")));
};

const ofStatus = ({ status, statusText }: Response, url: string, version: string | null): Either<Trouble, never> => {
  const found = status === 200
    ? version === null ? "a server that only gives whole files" : "a file that was changed while it was read"
    : `the answer ${status} ${statusText}`.trimEnd();
  const isBusy = status === 408 || status === 429 || status >= 500;
  return trouble(isBusy, refused(url, found, "Check the address; or download the file and give its path."));
};

/** A range of bytes of a file that is told from others by its version, if that is known. */
interface Range {
  readonly url: string;
  readonly offset: number;
  readonly length: number;
  readonly version: string | null;
}

/** Asks once for a range, and uses what comes. */
const ask = async <A>(
  { url, offset, length, version }: Range,
  timeout: number,
  use: (response: Response) => Promise<Either<Trouble, A>>,
): Promise<Either<Trouble, A>> => {
  const headers = new Headers({ range: `bytes=${offset}-${offset + length - 1}` });
  if (version !== null) headers.set("if-range", version);
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeout) });
    if (response.status === 206) return await use(response);
    await response.body?.cancel();
    return ofStatus(response, url, version);
  } catch (reason) {
    return ofReason(url, timeout, reason);
  }
};

/** Asks for a range until it comes, or until what is wrong will not pass. */
const askAgain = async <A>(
  range: Range,
  { timeout = 30_000, retries = 3, pause = 500 }: HttpOptions,
  use: (response: Response) => Promise<Either<Trouble, A>>,
): Promise<Either<Failure, A>> => {
  for (let tries = 1;; tries++) {
    const result = await ask(range, timeout, use);
    if (E.isRight(result)) return result;
    const { problem, passing } = result.left;
    if (!passing || tries > retries) {
      return E.left(tries === 1 ? problem : { ...problem, found: `${problem.found}, at the last of ${tries} tries` });
    }
    await new Promise((resolve) => setTimeout(resolve, pause * 2 ** (tries - 1)));
  }
};

/** Fills memory with the bytes of an answer, which must be just as many. */
const fill = (url: string, bytes: Uint8Array) => async (response: Response): Promise<Either<Trouble, void>> => {
  let filled = 0;
  for await (const chunk of response.body ?? []) {
    if (filled + chunk.length > bytes.length) return trouble(false, refused(url, "more bytes than were asked for"));
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return filled === bytes.length
    ? E.right(undefined)
    : trouble(true, refused(url, `${filled} of ${bytes.length} bytes`, "The connection broke off."));
};

const readRange = (range: Range, options: HttpOptions): TaskEither<Failure, Uint8Array> => async () => {
  const bytes = new Uint8Array(range.length);
  for (let at = 0; at < bytes.length; at += mostAtOnce) {
    const part = bytes.subarray(at, at + mostAtOnce);
    const asked = { ...range, offset: range.offset + at, length: part.length };
    const read = await askAgain(asked, options, fill(range.url, part));
    if (E.isLeft(read)) return read;
  }
  return E.right(bytes);
};

/** What the first answer tells of a file. */
type Known = Pick<ByteSource, "size"> & Pick<Range, "version">;

/** The size of the whole file is the last number of bytes 0-0/1234; only what a server may not weaken tells versions apart. */
const knownOf = (url: string) => async (response: Response): Promise<Either<Trouble, Known>> => {
  await response.body?.cancel();
  const size = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (size === undefined || !Number.isSafeInteger(Number(size))) {
    return trouble(false, refused(url, "an answer that does not tell the size"));
  }
  const tag = response.headers.get("etag");
  const version = tag !== null && !tag.startsWith("W/") ? tag : response.headers.get("last-modified");
  return E.right({ size: Number(size), version });
};

/**
 * A file behind an http or https address as a source: each reading is a request for a range of bytes, several for a long one.
 * What may pass (no answer in time, a connection that breaks off, a server that is busy) is waited for, longer each time.
 *
 * Errors: "file" if the server does not answer or gives no ranges, if the file changes between readings, and without Deno's
 * permission to use the network; "format" for a reading beyond the file's end.
 * @category Files
 */
export const httpSource = (url: string, options: HttpOptions = {}): TaskEither<Failure, ByteSource> => async () => {
  const known = await askAgain({ url, offset: 0, length: 1, version: null }, options, knownOf(url));
  if (E.isLeft(known)) return known;
  const { size, version } = known.right;
  return E.right({
    name: url,
    size,
    read: (offset, length) =>
      offset >= 0 && length >= 0 && offset + length <= size
        ? readRange({ url, offset, length, version }, options)
        : TE.left(failure("format", url, `a file of ${size} bytes`, `at least ${offset + length}`)),
  });
};

/** Whether a path is an http or https address.
 * @category Files */
export const isUrl = (path: string): boolean => /^https?:\/\//.test(path);
