import { E, type Either } from "../../dependencies/fp.ts";
import { t } from "../../dependencies/io.ts";
import { type Failure, failure } from "../../errors.ts";
import type { SampleFiles } from "./shard_sample.ts";

/** The bytes of a file in a shard. */
export type Extent = readonly [offset: number, size: number];

/** A sample of a shard: what it is, and where its files lie. */
export interface ListedSample {
  /** What messages and pictures call the sample. */
  readonly name: string;
  /** The label of its scene, if there is one. */
  readonly scene: string | null;
  /** Where its files lie in the shard, by extension. */
  readonly files: SampleFiles<Extent>;
}

/** One tar file. */
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

/** What lies where in a folder of shards, so that any sample is one reading away. */
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
  const parsed = E.tryCatch((): unknown => JSON.parse(text), () => wrong(where, "what is no JSON"));
  if (E.isLeft(parsed)) return parsed;
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
