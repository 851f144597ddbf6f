import { E, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { type ByteSource, openSource } from "../../formats/byte_source.ts";
import { readText } from "../../formats/files.ts";
import { type HttpOptions, httpSource, isUrl } from "../../formats/http_source.ts";
import type { Key } from "../../tensor/key.ts";
import { type Dataset, type SampleSource, type Split, splitOf } from "../dataset.ts";
import type { Sample } from "../sample.ts";
import { kindOf } from "../folders.ts";
import { indexShards } from "./index_shards.ts";
import { decodeManifest, type Extent, type Manifest, manifestFile, type Shard } from "./manifest.ts";
import { decodeSample, type SampleFiles } from "./shard_sample.ts";
import { bufferedOrder } from "./shuffle_buffer.ts";

/** Where a data set of shards lies. */
export interface ShardsOptions {
  /** The folder of the shards and their manifest: a path, or an http or https address. */
  readonly folder: string;
  /** How many samples are mixed in memory, as it were, while shards are gone through in order. */
  readonly shuffleBuffer: number;
  /** How long a server is waited for; as {@link HttpOptions} says unless given. */
  readonly http?: HttpOptions;
}

/** No manifest of sensible data is longer. */
const longestManifest = 2 ** 28;

const textOf = (url: string, http?: HttpOptions): TaskEither<Failure, string> =>
  pipe(
    httpSource(url, http),
    TE.filterOrElse(
      ({ size }) => size <= longestManifest,
      ({ size }) => failure("data", url, `${size} bytes`, `at most ${longestManifest}`),
    ),
    TE.chain((source) => source.read(0, source.size)),
    TE.map((bytes) => new TextDecoder().decode(bytes)),
  );

const openShard = (path: string, shard: Shard, http?: HttpOptions): TaskEither<Failure, ByteSource> =>
  pipe(
    isUrl(path) ? httpSource(path, http) : openSource(path),
    TE.filterOrElse(
      ({ size }) => size === shard.bytes,
      ({ size }) =>
        failure("data", path, `${size} bytes`, `${shard.bytes}, as ${manifestFile} says`, "Pack or copy it again."),
    ),
  );

/** What is made once, when it is first wanted; if that fails, it is made anew when it is wanted again. */
const once = <A>(make: TaskEither<Failure, A>): TaskEither<Failure, A> => {
  let made: ReturnType<typeof make> | null = null;
  return async () => {
    const mine = made ??= make();
    const result = await mine;
    if (E.isLeft(result) && made === mine) made = null;
    return result;
  };
};

/** Padding and headers between the files of a sample, generously. */
const slack = 2 ** 14;

/** All files of a sample, which lie beside each other, in one reading. */
const readFiles = (source: ByteSource, files: SampleFiles<Extent>): TaskEither<Failure, SampleFiles<Uint8Array>> => {
  const extents = Object.values(files);
  if (extents.length === 0) return TE.right({});
  const first = Math.min(...extents.map(([offset]) => offset));
  const end = Math.max(...extents.map(([offset, size]) => offset + size));
  if (end - first > extents.reduce((sum, [, size]) => sum + size, slack)) {
    return TE.left(failure("data", source.name, "files of one sample far apart", "files that follow each other"));
  }
  return pipe(
    source.read(first, end - first),
    TE.map((bytes) =>
      Object.fromEntries(
        Object.entries(files).map(([extension, [offset, size]]) =>
          [extension, bytes.subarray(offset - first, offset - first + size)] as const
        ),
      )
    ),
  );
};

const sourcesOf = ({ folder, http }: ShardsOptions) => (shard: Shard): readonly SampleSource[] => {
  const path = `${folder}/${shard.file}`;
  const opened = once(openShard(path, shard, http));
  return shard.samples.map(({ name, scene, files }): SampleSource => {
    const where = `${path}, sample ${name}`;
    const read: TaskEither<Failure, Sample> = pipe(
      opened,
      TE.chain((source) => readFiles(source, files)),
      TE.chain((bytes) => decodeSample(where, name, bytes)),
    );
    return { name, scene, where, read };
  });
};

const splitFrom = (options: ShardsOptions, shards: readonly Shard[]): Split => {
  const sizes = shards.map(({ samples }) => samples.length);
  return {
    ...splitOf(shards.flatMap(sourcesOf(options))),
    order: (key: Key) => bufferedOrder(key, sizes, options.shuffleBuffer),
  };
};

const datasetFrom = (options: ShardsOptions, { name, scenes, shards }: Manifest): Dataset => {
  const part = (split: Shard["split"]): Split => splitFrom(options, shards.filter((shard) => shard.split === split));
  return { name: `${name} in ${options.folder}`, scenes, train: part("train"), test: part("test") };
};

const readManifest = ({ folder, http }: ShardsOptions): TaskEither<Failure, Manifest> => {
  const path = `${folder}/${manifestFile}`;
  const read = pipe(
    isUrl(folder) ? textOf(path, http) : readText(path),
    TE.chainEitherK((text) => decodeManifest(path, text)),
  );
  if (isUrl(folder)) return read;
  return pipe(kindOf(path), TE.chain((kind) => kind === null ? indexShards(folder) : read));
};

/**
 * Samples in tar shards (the convention of WebDataset), as `deno task pack` writes them, from a folder or over http with
 * ranges, which is asked several times. Any sample can be read at once; an epoch goes through the shards in random order,
 * each from its beginning, mixed as a shuffle buffer would. A folder of shards without a manifest is looked through.
 *
 * Errors: "file" and "format" if the manifest or a shard cannot be read, "data" if they do not fit each other.
 */
export const shardsDataset = (options: ShardsOptions): TaskEither<Failure, Dataset> => {
  const own = { ...options, folder: options.folder.replace(/\/$/, "") };
  return pipe(readManifest(own), TE.map((manifest) => datasetFrom(own, manifest)));
};
