import { E, type Either, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { type ByteSource, type HttpOptions, httpSource, isUrl, openSource } from "../../formats/byte_source.ts";
import { readText } from "../../formats/files.ts";
import { checkNumbers } from "../../formats/numbers.ts";
import { foldIn, type Key, permutation, uniforms } from "../../tensor/key.ts";
import { type Dataset, type Sample, type SampleSource, type Split, splitOf } from "../dataset.ts";
import { kindOf } from "../folders.ts";
import { layoutFields } from "../layout.ts";
import { decodeManifest, type Extent, indexShards, type Manifest, manifestFile, type Shard } from "./manifest.ts";
import { decodeSample, pictureEndings, type SampleFiles } from "./shard_sample.ts";

/** Which of the buffer's places is taken at each step. */
const placesOf = (key: Key, count: number): Float64Array => uniforms(foldIn(key, "places"), count);

/** All indices of shards of these sizes, the shards in random order, each from its beginning. */
const inShards = (key: Key, sizes: readonly number[]): readonly number[] => {
  const starts = new Float64Array(sizes.length + 1);
  sizes.forEach((size, shard) => starts[shard + 1] = starts[shard]! + size);
  const indices: number[] = [];
  for (const shard of permutation(foldIn(key, "shards"), sizes.length)) {
    for (let index = starts[shard]!; index < starts[shard + 1]!; index++) indices.push(index);
  }
  return indices;
};

/**
 * The order in which a shuffle buffer gives the samples of shards: the shards in random order, each from its beginning,
 * through a buffer of `buffer` samples, of which a random one goes out whenever one comes in. Every index once. No sample
 * goes out more than `buffer` − 1 places before its turn, so that reading stays near to sequential.
 */
const bufferedOrder = (key: Key, sizes: readonly number[], buffer: number): Uint32Array => {
  const incoming = inShards(key, sizes);
  const draws = placesOf(key, incoming.length);
  const held = incoming.slice(0, Math.max(buffer, 1));
  return Uint32Array.from(incoming, (_, step) => {
    const place = Math.floor(draws[step]! * held.length);
    const out = held[place];
    if (out === undefined) throw new RangeError(`no place ${place} in a buffer of ${held.length}`);
    const next = incoming[step + Math.max(buffer, 1)];
    if (next !== undefined) held[place] = next;
    else held.splice(place, 1);
    return out;
  });
};

/** A stream through a shuffle buffer: what {@link bufferedOrder} is to shards whose sizes are known.
 * @category Data */
export async function* shuffled<A>(key: Key, buffer: number, stream: AsyncIterable<A>): AsyncGenerator<A> {
  const held: A[] = [];
  let step = 0;
  const draw = (): number => Math.floor(uniforms(foldIn(key, step++), 1)[0]! * held.length);
  for await (const item of stream) {
    held.push(item);
    if (held.length >= Math.max(buffer, 1)) yield* held.splice(draw(), 1);
  }
  while (held.length > 0) yield* held.splice(draw(), 1);
}

/** Where a data set of shards lies.
 * @category Data */
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
    const original = (extensions: readonly string[]) =>
      pipe(
        opened,
        TE.chain((source) => readFiles(source, files)),
        TE.chain((all) => {
          const bytes = extensions.map((extension) => all[extension]).find((each) => each !== undefined);
          return bytes === undefined
            ? TE.left(failure("data", where, "another file", `one of ${extensions.join(", ")}`))
            : TE.right(bytes);
        }),
      );
    const originals = { image: original(pictureEndings), depth: original(["depth.png"]) };
    return { name, scene, where, originals, read };
  });
};

const splitFrom = (options: ShardsOptions, shards: readonly Shard[]): Split => {
  const sizes = shards.map(({ samples }) => samples.length);
  return {
    ...splitOf(shards.flatMap(sourcesOf(options))),
    order: (key: Key) => bufferedOrder(key, sizes, options.shuffleBuffer),
  };
};

/** Errors: "data" for shards without any sample, such as tar files of nothing but zeros. */
const datasetFrom = (options: ShardsOptions, { name, scenes, shards }: Manifest): Either<Failure, Dataset> => {
  if (shards.every(({ samples }) => samples.length === 0)) {
    return E.left(failure("data", options.folder, "no sample", "at least one image with its depth map in a tar file"));
  }
  const part = (split: Shard["split"]): Split => splitFrom(options, shards.filter((shard) => shard.split === split));
  return E.right({ name: `${name} in ${options.folder}`, scenes, train: part("train"), test: part("test") });
};

const readManifest = ({ folder, http }: ShardsOptions): TaskEither<Failure, Manifest> => {
  const path = `${folder}/${manifestFile}`;
  const read = pipe(
    isUrl(folder) ? textOf(path, http) : readText(path, "record"),
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
 * Errors: "file" and "format" if the manifest or a shard cannot be read, "data" if they do not fit each other;
 * "configuration" for a number out of range.
 * @category Data
 */
export const shardsDataset = (options: ShardsOptions): TaskEither<Failure, Dataset> => {
  const own = { ...options, folder: options.folder.replace(/\/$/, "") };
  return pipe(
    TE.fromEither(checkNumbers("the data", layoutFields, { ...own })),
    TE.chain(() => readManifest(own)),
    TE.chainEitherK((manifest) => datasetFrom(own, manifest)),
  );
};
