import { pipe, type TaskEither, TE } from "../../dependencies/fp.ts";
import type { Failure } from "../../errors.ts";
import { writeText } from "../../formats/files.ts";
import type { Dataset, Split } from "../dataset.ts";
import { prefetch } from "../prefetch.ts";
import { type Manifest, manifestFile, type Shard } from "./manifest.ts";
import { writeShard } from "./write_shards.ts";

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
 * Errors: those of reading a sample and of writing.
 */
export const packDataset = (dataset: Dataset, options: PackOptions): TaskEither<Failure, Manifest> =>
  pipe(
    packSplit(options, "train", dataset.train),
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
