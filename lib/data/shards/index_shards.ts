import { E, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { type ByteSource, openSource } from "../../formats/byte_source.ts";
import { indexTar, type TarMember } from "../../formats/tar_index.ts";
import { readFolder } from "../folders.ts";
import type { Extent, ListedSample, Manifest, Shard } from "./manifest.ts";
import { decodeAbout, splitName } from "./shard_sample.ts";

/** The files of each sample, which follow each other. */
const grouped = (members: readonly TarMember[]): ReadonlyMap<string, Record<string, Extent>> => {
  const samples = new Map<string, Record<string, Extent>>();
  members.forEach(({ name, offset, size }) => {
    const [key, extension] = splitName(name);
    samples.set(key, { ...samples.get(key), [extension]: [offset, size] });
  });
  return samples;
};

/** What a sample's "json" may have; a longer one tells nothing that is wanted. */
const longestAbout = 2 ** 20;

const listed =
  (source: ByteSource) =>
  ([key, files]: readonly [string, Record<string, Extent>]): TaskEither<Failure, ListedSample> => {
    const [offset, size] = files["json"] ?? [0, 0];
    const where = `${source.name}, sample ${key}`;
    const about = size === 0 || size > longestAbout
      ? TE.right(undefined)
      : pipe(source.read(offset, size), TE.map((bytes): Uint8Array | undefined => bytes));
    return pipe(
      about,
      TE.chainEitherK((bytes) => decodeAbout(where, key, bytes)),
      TE.map(({ name, scene }) => ({ name, scene, files })),
    );
  };

const indexShard = (folder: string) => (file: string): TaskEither<Failure, Shard> =>
  pipe(
    openSource(`${folder}/${file}`),
    TE.chain((source) =>
      pipe(
        indexTar(source),
        TE.chain((members) => TE.sequenceSeqArray([...grouped(members)].map(listed(source)))),
        TE.map((samples): Shard => ({
          file,
          split: /test|val/i.test(file) ? "test" : "train",
          bytes: source.size,
          samples,
        })),
      )
    ),
  );

/**
 * The manifest of a folder of tar files that has none, such as shards of another program: those with "test" or "val" in
 * their names are the test split. Every header is read, which takes a while for many samples.
 *
 * Errors: "file" and "format" if a shard cannot be read, "data" if there is none or a sample's json is damaged.
 */
export const indexShards = (folder: string): TaskEither<Failure, Manifest> =>
  pipe(
    readFolder(folder),
    TE.map(({ files }) => files.filter((file) => /\.tar$/i.test(file)).sort()),
    TE.filterOrElse(
      (files) => files.length > 0,
      () => failure("data", folder, "no tar file", "shards of samples, which `deno task pack` writes"),
    ),
    TE.chain((files) => TE.sequenceSeqArray(files.map(indexShard(folder)))),
    TE.chainEitherK((shards) => {
      const labels = shards.filter(({ split }) => split === "train").flatMap(({ samples }) =>
        samples.flatMap(({ scene }) => scene === null ? [] : [scene])
      );
      return E.right({ version: 1 as const, name: "shards", scenes: [...new Set(labels)].sort(), shards });
    }),
  );
