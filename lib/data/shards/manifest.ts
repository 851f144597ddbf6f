import { E, type Either, pipe, t, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, failure } from "../../errors.ts";
import { type ByteSource, openSource } from "../../formats/byte_source.ts";
import { parseJson } from "../../formats/json.ts";
import { indexTar, type TarMember } from "../../formats/tar_index.ts";
import { readFolder } from "../folders.ts";
import { decodeAbout, type SampleFiles, splitName } from "./shard_sample.ts";

/** The bytes of a file in a shard.
 * @category Data */
export type Extent = readonly [offset: number, size: number];

/** A sample of a shard: what it is, and where its files lie.
 * @category Data */
export interface ListedSample {
  /** What messages and pictures call the sample. */
  readonly name: string;
  /** The label of its scene, if there is one. */
  readonly scene: string | null;
  /** Where its files lie in the shard, by extension. */
  readonly files: SampleFiles<Extent>;
}

/** One tar file.
 * @category Data */
export interface Shard {
  /** Its name in the folder of the manifest. */
  readonly file: string;
  /** The split that its samples are in. */
  readonly split: "train" | "test";
  /** The size of the whole shard. */
  readonly bytes: number;
  /** Its samples in their order. */
  readonly samples: readonly ListedSample[];
}

/** What lies where in a folder of shards, so that any sample is one reading away.
 * @category Data */
export interface Manifest {
  /** Of the manifest's form. */
  readonly version: 1;
  /** What messages call the data set. */
  readonly name: string;
  /** The labels of the scenes, in the order of their class indices. */
  readonly scenes: readonly string[];
  /** The shards of both splits in their order. */
  readonly shards: readonly Shard[];
}

/** The manifest's file name. */
export const manifestFile: string = "shards.json";

const natural = t.refinement(t.number, (value) => Number.isSafeInteger(value) && value >= 0, "a whole number from 0");

const codec = t.type({
  version: t.literal(1),
  name: t.string,
  scenes: t.array(t.string),
  shards: t.array(t.type({
    file: t.refinement(t.string, (file) => /^[^/\\]+$/.test(file) && file !== "..", "a file's name without folders"),
    split: t.union([t.literal("train"), t.literal("test")]),
    bytes: natural,
    samples: t.array(t.type({
      name: t.string,
      scene: t.union([t.string, t.null]),
      files: t.record(t.string, t.tuple([natural, natural])),
    })),
  })),
});

const isWithin = ({ bytes, samples }: Shard): boolean =>
  samples.every(({ files }) => Object.values(files).every(([offset, size]) => offset + size <= bytes));

const wrong = (where: string, found: string): Failure =>
  failure("data", where, found, "the list of shards that `deno task pack` writes", "Pack the data again.");

/** Reads a manifest. Errors: "data", naming the field, or the shard whose files lie beyond its end. */
export const decodeManifest = (where: string, text: string): Either<Failure, Manifest> => {
  const parsed = parseJson(text);
  if (E.isLeft(parsed)) return E.left(wrong(where, `what is no JSON (${parsed.left})`));
  const decoded = codec.decode(parsed.right);
  if (E.isLeft(decoded)) {
    const field = decoded.left[0]?.context.map(({ key }) => key).filter((key) => key !== "").join(".") ?? "";
    return E.left(wrong(`${where}, field ${field}`, "another value"));
  }
  const outside = decoded.right.shards.find((shard) => !isWithin(shard));
  return outside === undefined
    ? E.right(decoded.right)
    : E.left(wrong(`${where}, shard ${outside.file}`, "files beyond the shard's end"));
};

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
