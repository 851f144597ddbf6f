import { E, type Either } from "../../dependencies/fp.ts";
import { createTarDecoder, type ParsedTarEntry } from "../../dependencies/tar.ts";
import { type Failure, failure, reasonText } from "../../errors.ts";
import { concatenate } from "../../formats/bytes.ts";
import type { Sample } from "../sample.ts";
import { decodeSample, splitName } from "./shard_sample.ts";

/** No file of a sample is larger. */
const largestFile = 2 ** 28;

const refuse = (name: string, found: string): Failure =>
  failure("format", name, found, "a tar archive of pictures and depths", "Copy or download the shard again.");

/** All bytes of a member, unless there are too many. */
const bytesIn = async (name: string, body: ReadableStream<Uint8Array>): Promise<Either<Failure, Uint8Array>> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > largestFile) return E.left(refuse(name, `more than ${largestFile} bytes in a file`));
    parts.push(part);
  }
  return E.right(concatenate(parts));
};

/**
 * The samples of a shard that comes as a stream of bytes, such as the body of a response, one after the other as they come;
 * no more than one is in memory. A sample's files follow each other, as WebDataset wants. After a failure of the archive
 * itself nothing follows; a sample that cannot be decoded is a failure in its place.
 */
export async function* streamShard(
  name: string,
  bytes: ReadableStream<Uint8Array>,
): AsyncGenerator<Either<Failure, Sample>> {
  let key: string | null = null;
  let files: Record<string, Uint8Array> = {};
  try {
    for await (const { header, body } of bytes.pipeThrough<ParsedTarEntry>(createTarDecoder({ strict: true }))) {
      const read = await bytesIn(`${name}, ${header.name}`, body);
      if (E.isLeft(read)) return yield read;
      if (header.type !== undefined && header.type !== "file") continue;
      const [nextKey, extension] = splitName(header.name);
      if (key !== null && nextKey !== key) {
        yield await decodeSample(`${name}, sample ${key}`, key, files)();
        files = {};
      }
      key = nextKey;
      files = { ...files, [extension]: read.right };
    }
  } catch (reason) {
    return yield E.left(refuse(name, reasonText(reason)));
  }
  if (key !== null) yield await decodeSample(`${name}, sample ${key}`, key, files)();
}
