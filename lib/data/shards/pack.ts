import { packTar } from "../../dependencies/codecs.ts";
import { E, pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import { type Failure, FailureError } from "../../errors.ts";
import { sourceOfBytes } from "../../formats/byte_source.ts";
import { writeBytes, writeText } from "../../formats/files.ts";
import { checkNumbers, countFrom } from "../../formats/numbers.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../formats/png.ts";
import type { DepthImage } from "../../formats/raster.ts";
import { indexTar } from "../../formats/tar_index.ts";
import type { Dataset, Sample, Split } from "../dataset.ts";
import { prefetch } from "../split.ts";
import { type Extent, type ListedSample, type Manifest, manifestFile, type Shard } from "./manifest.ts";
import { type About, type SampleFiles, splitName } from "./shard_sample.ts";

const millimetres = 1000;

/** Whether every depth is a whole number of millimetres that a 16-bit PNG holds. */
const isInMillimetres = ({ metres }: DepthImage): boolean =>
  metres.every((depth) => {
    const units = Math.round(depth * millimetres);
    return units <= 65535 && Math.fround(units / millimetres) === depth;
  });

/** Depth without loss: a PNG of millimetres where it holds every value, or float32 metres. */
const encodeDepth = (depth: DepthImage): SampleFiles<Uint8Array> => {
  const { height, width, metres } = depth;
  if (!isInMillimetres(depth)) return { "depth.npy": encodeNpy({ shape: [height, width], values: metres }) };
  const units = Uint16Array.from(metres, (value) => Math.round(value * millimetres));
  return { "depth.png": encodeGrey16Png(height, width, units) };
};

/** The files of a sample, without loss. */
const encodeSample = ({ name, image, depth, scene, intrinsics }: Sample): SampleFiles<Uint8Array> => {
  const about: About = { name, scene, intrinsics, depthScale: millimetres };
  return {
    png: encodeRgbPng(image),
    ...encodeDepth(depth),
    json: new TextEncoder().encode(JSON.stringify(about)),
  };
};

/** The two blocks of zeros that end an archive. */
const endOfArchive = 1024;

/** A sample's part of an archive, and where its files lie in it. The same sample gives the same bytes. */
const packSample = async (
  key: string,
  sample: Sample,
): Promise<{ readonly bytes: Uint8Array; readonly files: SampleFiles<Extent> }> => {
  const entries = Object.entries(encodeSample(sample)).map(([extension, body]) => ({
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

/**
 * Writes one shard, a sample at a time, whole or not at all, and gives what a manifest says of it.
 *
 * Errors: those of reading a sample, and "file" if the shard cannot be written.
 */
export const writeShard = (
  folder: string,
  file: string,
  split: Shard["split"],
  samples: readonly { readonly key: string; readonly read: TaskEither<Failure, Sample> }[],
): TaskEither<Failure, Shard> => {
  const listed: ListedSample[] = [];
  let bytes = 0;
  async function* parts(): AsyncGenerator<Uint8Array> {
    for (const { key, read } of samples) {
      const sample = await read();
      if (E.isLeft(sample)) throw new FailureError(sample.left);
      const packed = await packSample(key, sample.right);
      listed.push({ name: sample.right.name, scene: sample.right.scene, files: moved(packed.files, bytes) });
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

/** How a data set is packed. */
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
 */
export const packDataset = (dataset: Dataset, options: PackOptions): TaskEither<Failure, Manifest> =>
  pipe(
    TE.fromEither(checkNumbers("packing", { perShard: countFrom(1) }, { ...options })),
    TE.chain(() => packSplit(options, "train", dataset.train)),
    TE.chain((train) =>
      pipe(
        packSplit(options, "test", dataset.test),
        TE.map((test): Manifest => ({
          version: 1,
          name: dataset.name,
          scenes: dataset.scenes,
          shards: [...train, ...test],
        })),
      )
    ),
    TE.chainFirst((manifest) => writeText(`${options.folder}/${manifestFile}`, JSON.stringify(manifest))),
  );
