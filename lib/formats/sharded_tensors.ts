import { E, type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { dirname, join } from "../dependencies/text.ts";
import { type Failure, failure } from "../errors.ts";
import type { ByteSource } from "./byte_source.ts";
import { leavesFolder } from "./files.ts";
import { isJsonObject, type JsonObject, jsonValue } from "./json.ts";
import { sizeLimits } from "./size_limits.ts";
import type { TensorEntry, TensorFile } from "./tensor_file.ts";

/** The index of weights in several files: the path of the shard, from the index's folder on, that holds a tensor. */
interface ShardIndex {
  readonly shardOf: ReadonlyMap<string, string>;
  readonly metadata: Readonly<Record<string, string>>;
}

const wrong = (where: string, found: string, expected: string, advice?: string): Either<Failure, never> =>
  E.left(failure("format", where, found, expected, advice));

const isText = (value: unknown): value is string => typeof value === "string";

const textsOf = (value: unknown): Readonly<Record<string, string>> =>
  isJsonObject(value)
    ? Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, isText(each) ? each : JSON.stringify(each) ?? ""]),
    )
    : {};

const readMap = (name: string, map: JsonObject): Either<Failure, ReadonlyMap<string, string>> => {
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (!isText(shard) || shard === "" || leavesFolder(shard)) {
      const where = `${name}, weight_map, ${JSON.stringify(tensor)}`;
      return wrong(where, JSON.stringify(shard) ?? "nothing", "the name of a shard below the index's folder");
    }
    shardOf.set(tensor, shard);
  }
  return shardOf.size > 0 ? E.right(shardOf) : wrong(name, "a weight_map without tensors", "a shard for each tensor");
};

const parseIndex = (name: string, bytes: Uint8Array): Either<Failure, ShardIndex> => {
  const text = new TextDecoder().decode(bytes);
  const value = jsonValue(text);
  if (!isJsonObject(value) || !isJsonObject(value["weight_map"])) {
    const found = `${isJsonObject(value) ? "JSON" : "a text"} without a weight_map, ${
      JSON.stringify(text.slice(0, 60))
    }`;
    return wrong(
      name,
      found,
      "weights, or the index of their shards",
      "If it was downloaded, this may be the server's answer instead of the file.",
    );
  }
  return pipe(
    readMap(name, value["weight_map"]),
    E.map((shardOf) => ({ shardOf, metadata: textsOf(value["metadata"]) })),
  );
};

const readIndex = (source: ByteSource): TaskEither<Failure, ShardIndex> => {
  const { most, what, advice } = sizeLimits.list;
  return source.size > most
    ? TE.left(failure("file", source.name, `${source.size} bytes`, `${what} of at most ${most} bytes`, advice))
    : pipe(source.read(0, source.size), TE.chainEitherK((bytes) => parseIndex(source.name, bytes)));
};

/** Opens a shard by its path. */
type OpenShard = (path: string) => TaskEither<Failure, TensorFile>;

/** The same failure; for a shard that is not there, with what it would be and how many there must be. */
const ofShard = (index: string, path: string, count: number) => (problem: Failure): Failure =>
  problem.kind !== "missing" ? problem : {
    ...failure(
      "missing",
      path,
      "no such file",
      `the shard that ${index} names`,
      `Download all ${count} shards into the index's folder.`,
    ),
    cause: problem.cause,
  };

type Shards = ReadonlyMap<string, TensorFile>;

const openShards = (source: ByteSource, { shardOf }: ShardIndex, open: OpenShard): TaskEither<Failure, Shards> => {
  const names = [...new Set(shardOf.values())];
  return pipe(
    TE.sequenceSeqArray(names.map((name) => {
      const path = join(dirname(source.name), name);
      return pipe(open(path), TE.bimap(ofShard(source.name, path, names.length), (file) => [name, file] as const));
    })),
    TE.map((pairs) => new Map(pairs)),
  );
};

/** Each tensor of the index as its shard has it, in the shards' order. */
const entriesIn = (
  name: string,
  { shardOf }: ShardIndex,
  shards: Shards,
): Either<Failure, readonly TensorEntry[]> => {
  const entries = [...shards].flatMap(([shard, file]) =>
    file.entries.filter((entry) => shardOf.get(entry.name) === shard)
  );
  const found = new Set(entries.map((entry) => entry.name));
  const missing = [...shardOf].filter(([tensor]) => !found.has(tensor));
  const [first] = missing;
  if (first === undefined) return E.right(entries);
  const advice = "The shards are not those of this index; download all of them again.";
  return E.left({
    ...failure(
      "format",
      `${name}, ${first[1]}`,
      `no tensor ${JSON.stringify(first[0])}`,
      "what the index says",
      advice,
    ),
    details: missing.slice(1).map(([tensor, shard]) => `${shard}: no tensor ${JSON.stringify(tensor)}`),
  });
};

const fileOf = (
  source: ByteSource,
  index: ShardIndex,
  shards: Shards,
  entries: readonly TensorEntry[],
): TensorFile => {
  const files = [...shards.values()];
  return {
    path: source.name,
    format: files.every(({ format }) => format === "safetensors") ? "shards of safetensors" : "shards of PyTorch",
    metadata: Object.assign({}, ...files.map(({ metadata }) => metadata), index.metadata),
    entries,
    values: files.flatMap(({ values }) => values),
    read: (tensor) => {
      const file = shards.get(index.shardOf.get(tensor) ?? "");
      if (file === undefined) throw new Error(`${source.name} has no tensor ${JSON.stringify(tensor)}`);
      return file.read(tensor);
    },
  };
};

/**
 * Weights in several files by their index, `model.safetensors.index.json` or that of PyTorch's: `weight_map` names the shard
 * of each tensor, which lies in the index's folder or below. The tensors are those of the index, all of which must be there.
 *
 * Errors: "missing" for a shard that is not there, "format" for an index that is none, for a path that leaves its folder, for
 * tensors that a shard does not have, and as shards that are read by themselves; "file" if reading fails.
 */
export const readShards = (source: ByteSource, open: OpenShard): TaskEither<Failure, TensorFile> =>
  pipe(
    readIndex(source),
    TE.chain((index) =>
      pipe(
        openShards(source, index, open),
        TE.chainEitherK((shards) =>
          pipe(
            entriesIn(source.name, index, shards),
            E.map((entries) => fileOf(source, index, shards, entries)),
          )
        ),
      )
    ),
  );
