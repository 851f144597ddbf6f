import { packTar } from "../../dependencies/codecs.ts";
import { E, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { basename, dirname, isAbsolute, join, resolve } from "../../dependencies/text.ts";
import { type Failure, failure, FailureError } from "../../errors.ts";
import { isUrl, sourceOfBytes } from "../../formats/byte_source.ts";
import { removeAbandoned, writeBytes, writeText } from "../../formats/files.ts";
import { checkNumbers, countFrom } from "../../formats/numbers.ts";
import { indexTar } from "../../formats/tar_index.ts";
import type { Dataset, OriginalFiles, Sample, Split } from "../dataset.ts";
import { folderName, kindOf } from "../folders.ts";
import { prefetch } from "../split.ts";
import { encodeSample } from "./encode_sample.ts";
import { type Extent, type ListedSample, type Manifest, manifestFile, type Shard } from "./manifest.ts";
import { type SampleFiles, splitName } from "./shard_sample.ts";

/** The two blocks of zeros that end an archive. */
const endOfArchive = 1024;

/** A sample's part of an archive, and where its files lie in it. The same sample gives the same bytes. */
const packSample = async (
  key: string,
  sample: Sample,
  originals: OriginalFiles | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly files: SampleFiles<Extent> }> => {
  const entries = Object.entries(await encodeSample(sample, originals)).map(([extension, body]) => ({
    header: { name: `${key}.${extension}`, size: body.length, type: "file" as const, mtime: new Date(0) },
    body,
  }));
  const packed = await packTar(entries);
  const members = await indexTar(sourceOfBytes(key, packed))();
  if (E.isLeft(members)) throw new FailureError(members.left);
  const files = Object.fromEntries(
    members.right.map(({ name, offset, size }) => [splitName(name)[1], [offset, size] as const]),
  );
  return { bytes: packed.subarray(0, packed.length - endOfArchive), files };
};

const moved = (files: SampleFiles<Extent>, by: number): SampleFiles<Extent> =>
  Object.fromEntries(Object.entries(files).map(([extension, [offset, size]]) => [extension, [offset + by, size]]));

/** A sample that is to be packed. */
export interface PackedSource {
  /** Its name in the shard. */
  readonly key: string;
  /** Reads it. */
  readonly read: TaskEither<Failure, Sample>;
  /** Its own files, which are kept where it is what they hold. */
  readonly originals?: OriginalFiles | undefined;
}

/** A name without the folders of the machine that packs: nobody else has them. */
const portable = (name: string): string => isAbsolute(name) ? folderName(name) ?? "data" : name;

/**
 * Writes one shard, a sample at a time, whole or not at all, and gives what a manifest says of it.
 *
 * Errors: those of reading a sample, and "file" if the shard cannot be written.
 * @category Data
 */
export const writeShard = (
  folder: string,
  file: string,
  split: Shard["split"],
  samples: readonly PackedSource[],
): TaskEither<Failure, Shard> => {
  const listed: ListedSample[] = [];
  let bytes = 0;
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (const { key, read, originals } of samples) {
      const found = await read();
      if (E.isLeft(found)) throw new FailureError(found.left);
      const sample = { ...found.right, name: portable(found.right.name) };
      const packed = await packSample(key, sample, originals);
      listed.push({ name: sample.name, scene: sample.scene, files: moved(packed.files, bytes) });
      bytes += packed.bytes.length;
      yield packed.bytes;
    }
    bytes += endOfArchive;
    yield new Uint8Array(endOfArchive);
  }
  return pipe(
    writeBytes(`${folder}/${file}`, parts()),
    TE.map(() => ({ file, split, bytes, samples: listed })),
  );
};

/** The path without links, of what is there or is going to be. */
const realOf = async (path: string): Promise<string> => {
  try {
    return await Deno.realPath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realOf(parent), basename(path));
  }
};

const isWithin = (folder: string, path: string): boolean => `${path}/`.startsWith(`${folder}/`);

/**
 * Whether shards may be written to a folder without being taken for the data that they are made of. Data at an address are
 * apart from any folder.
 *
 * Errors: "file" if one is the other or lies in it; where the data are a list or a file, if the folder is that of the file.
 */
export const checkApart = (data: string, folder: string): TaskEither<Failure, void> => async () => {
  if (isUrl(data)) return E.right(undefined);
  const kind = await kindOf(data)();
  if (E.isLeft(kind)) return kind;
  const [from, to] = [await realOf(resolve(data)), await realOf(resolve(folder))];
  const mixed = kind.right === "file" ? dirname(from) === to : isWithin(from, to) || isWithin(to, from);
  return mixed
    ? E.left(
      failure("file", folder, `the data set itself (${data})`, "a folder apart from it", "Choose another --out."),
    )
    : E.right(undefined);
};

/** How a data set is packed.
 * @category Data */
export interface PackOptions {
  /** Where the shards and their manifest go. */
  readonly folder: string;
  /** How many samples a shard has at most. */
  readonly perShard: number;
  /** Told each sample's name when it has been read. */
  readonly onSample: (name: string) => void;
}

/** Samples that are read while one is written. */
const ahead = 4;

const packSplit = (
  { folder, perShard, onSample }: PackOptions,
  name: Shard["split"],
  split: Split,
): TaskEither<Failure, readonly Shard[]> => {
  const readAhead = prefetch(split.read, ahead, split.size);
  const samples = Array.from({ length: split.size }, (_, index) => ({
    key: `${name}-${String(index).padStart(7, "0")}`,
    read: pipe(readAhead(index), TE.chainFirstIOK(({ name: read }) => () => onSample(read))),
    originals: split.entry(index).originals,
  }));
  const shards = Array.from({ length: Math.ceil(split.size / perShard) }, (_, at) => {
    const file = `${name}-${String(at).padStart(6, "0")}.tar`;
    return writeShard(folder, file, name, samples.slice(at * perShard, (at + 1) * perShard));
  });
  return TE.sequenceSeqArray(shards);
};

/**
 * Writes a data set as tar shards without loss, split by split in order, and last the manifest, without which the folder is
 * no data set: an interrupted packing is begun anew.
 *
 * Errors: those of reading a sample and of writing; "configuration" for a number out of range.
 * @category Data
 */
export const packDataset = (dataset: Dataset, options: PackOptions): TaskEither<Failure, Manifest> =>
  pipe(
    TE.fromEither(checkNumbers("packing", { perShard: countFrom(1) }, { ...options })),
    TE.chainFirstTaskK(() => removeAbandoned(options.folder)),
    TE.chain(() => packSplit(options, "train", dataset.train)),
    TE.chain((train) =>
      pipe(
        packSplit(options, "test", dataset.test),
        TE.map((test): Manifest => ({
          version: 1,
          name: folderName(dataset.name) ?? "data",
          scenes: dataset.scenes,
          shards: [...train, ...test],
        })),
      )
    ),
    TE.chainFirst((manifest) => writeText(`${options.folder}/${manifestFile}`, JSON.stringify(manifest))),
  );
