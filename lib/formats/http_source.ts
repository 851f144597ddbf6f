import { attempt, type Failure, failure, FailureError, reasonText } from "../errors.ts";
import { type TaskEither, TE } from "../dependencies/fp.ts";
import type { ByteSource } from "./byte_source.ts";

const refused = (url: string, found: string, advice?: string): Failure =>
  failure("file", url, found, "a server that gives ranges of the file's bytes", advice);

const unreachable = (url: string) => (reason: unknown): Failure =>
  reason instanceof Deno.errors.NotCapable
    ? refused(url, "no permission of Deno to use the network", `Run with --allow-net=${new URL(url).host}.`)
    : refused(url, reasonText(reason), "Check the address and the network.");

/** The size of the whole file: the last number of bytes 0-0/1234; null if the answer does not tell it. */
const wholeSize = (response: Response): number | null => {
  const size = response.headers.get("content-range")?.match(/^bytes \d+-\d+\/(\d+)$/)?.[1];
  return size !== undefined && Number.isSafeInteger(Number(size)) ? Number(size) : null;
};

/** Asks for some bytes, and throws unless just these come. */
const fetchRange = async (url: string, offset: number, length: number, version: string | null): Promise<Response> => {
  const headers = new Headers({ range: `bytes=${offset}-${offset + length - 1}` });
  if (version !== null) headers.set("if-range", version);
  const response = await fetch(url, { headers });
  if (response.status === 206) return response;
  await response.body?.cancel();
  const found = response.status === 200
    ? version === null ? "a server that only gives whole files" : "a file that was changed while it was read"
    : `the answer ${response.status} ${response.statusText}`.trimEnd();
  throw new FailureError(refused(url, found, "Check the address; or download the file and give its path."));
};

const readRange = async (url: string, offset: number, length: number, version: string | null): Promise<Uint8Array> => {
  if (length === 0) return new Uint8Array(0);
  const response = await fetchRange(url, offset, length, version);
  const bytes = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of response.body ?? []) {
    if (filled + chunk.length > length) throw new FailureError(refused(url, "more bytes than were asked for"));
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled < length) {
    throw new FailureError(refused(url, `${filled} of ${length} bytes`, "The connection broke off."));
  }
  return bytes;
};

/** Only what a server may not weaken tells versions apart. */
const versionOf = (response: Response): string | null => {
  const tag = response.headers.get("etag");
  return tag !== null && !tag.startsWith("W/") ? tag : response.headers.get("last-modified");
};

/**
 * A file behind an http or https address as a source: each reading is a request for a range of bytes. Left with kind
 * `file` if the server does not answer or gives no ranges, if the file changes between readings, and without Deno's
 * permission to use the network.
 */
export const httpSource = (url: string): TaskEither<Failure, ByteSource> =>
  attempt(
    async () => {
      const response = await fetchRange(url, 0, 1, null);
      await response.body?.cancel();
      const [size, version] = [wholeSize(response), versionOf(response)];
      if (size === null) throw new FailureError(refused(url, "an answer that does not tell the size"));
      return {
        name: url,
        size,
        read: (offset, length) =>
          offset >= 0 && length >= 0 && offset + length <= size
            ? attempt(() => readRange(url, offset, length, version), unreachable(url))
            : TE.left(failure("format", url, `a file of ${size} bytes`, `at least ${offset + length}`)),
      };
    },
    unreachable(url),
  );

/** Whether a path is an http or https address. */
export const isUrl = (path: string): boolean => /^https?:\/\//.test(path);
