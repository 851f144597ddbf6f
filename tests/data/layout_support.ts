/** What the tests of published layouts share: trees of files, the originals, and what goes wrong. */
import { encode } from "fast-png";
import type { Dataset, Sample } from "../../lib/data/dataset.ts";
import type { TaskEither } from "../../lib/dependencies/fp.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { encodeGrey16Png, encodeRgbPng } from "../../lib/formats/png.ts";
import { assert, assertAlmostEquals, assertStringIncludes, dirname, fromFileUrl } from "../std.ts";

/** Files by path; null leaves one out that would be there. */
export type Tree = Readonly<Record<string, Uint8Array | string | null>>;

/** A picture of 3 × 2 pixels. */
export const picture: Uint8Array = encodeRgbPng({
  height: 2,
  width: 3,
  pixels: Uint8Array.from({ length: 18 }, (_, at) => 10 * at),
});

/** A depth map of 3 × 2 pixels of 16 bits. */
export const grey16 = (...levels: readonly number[]): Uint8Array => encodeGrey16Png(2, 3, Uint16Array.from(levels));

/** The same of 8 bits. */
export const grey8 = (...levels: readonly number[]): Uint8Array =>
  encode({ width: 3, height: 2, data: Uint8Array.from(levels), channels: 1, depth: 8 });

/** Runs `use` with a folder that holds these files, and removes it. */
export const withTree = async (tree: Tree, use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    for (const [path, content] of Object.entries(tree)) {
      if (content === null) continue;
      await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(`${folder}/${path}`, content);
      else await Deno.writeFile(`${folder}/${path}`, content);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

/** What goes wrong when the data set is opened and the first sample of its training split, or its test split, is read. */
export const failureOf = async (
  open: TaskEither<Failure, Dataset>,
  split: "train" | "test" = "train",
): Promise<Failure> => {
  const opened = await open();
  const result = opened._tag === "Left" ? opened : await opened.right[split].read(0)();
  if (result._tag === "Right") throw new Error("nothing failed");
  return result.left;
};

/** Opens a tree, reads its first sample and checks what goes wrong: its kind, and parts of the message. */
export const assertFails = (
  tree: Tree,
  open: (folder: string) => TaskEither<Failure, Dataset>,
  kind: Failure["kind"],
  parts: readonly string[],
  split: "train" | "test" = "train",
): Promise<void> =>
  withTree(tree, async (folder) => {
    const found = await failureOf(open(folder), split);
    const message = describe(found).replaceAll(`${folder}/`, "");
    assert(found.kind === kind, `${found.kind}: ${message}`);
    for (const part of parts) assertStringIncludes(message, part);
  });

/** A sample of a split, which must be readable. */
export const sampleAt = async (dataset: Dataset, split: "train" | "test", index: number): Promise<Sample> =>
  orThrow(await dataset[split].read(index)());

/** The names of a split's samples. */
export const namesOf = (dataset: Dataset, split: "train" | "test"): readonly string[] =>
  Array.from({ length: dataset[split].size }, (_, index) => dataset[split].entry(index).name);

const originals = new URL("../../../shared/real/formats/", import.meta.url);

const areThere = (): boolean => {
  try {
    return Deno.statSync(originals).isDirectory;
  } catch {
    return false;
  }
};

const missing = !areThere();
if (missing) {
  console.log("The original files of published data sets are not here; the tests that read them are skipped.");
}

/** A test that reads one of the original data sets, and is skipped where they are not. */
export const testOriginal = (name: string, behaviour: string, run: (folder: string) => Promise<void>): void =>
  Deno.test({
    name: `original files: ${behaviour}`,
    ignore: missing,
    fn: () => run(fromFileUrl(new URL(name, originals))),
  });

/** What an independent reader found in a depth map. */
export interface Known {
  /** Row, column, metres. */
  readonly pixels: readonly (readonly [row: number, column: number, metres: number])[];
  /** Pixels without measurement. */
  readonly zeros: number;
  /** Of all pixels, in metres. */
  readonly sum: number;
  /** In metres. */
  readonly farthest: number;
}

/** Checks a sample's depth against what is known of it. */
export const assertDepth = ({ depth }: Sample, known: Known): void => {
  for (const [row, column, metres] of known.pixels) {
    assertAlmostEquals(depth.metres[row * depth.width + column] ?? NaN, metres, 1e-6 * metres);
  }
  const [zeros, sum, farthest] = depth.metres.reduce(
    ([none, total, most], metres) => [none + (metres === 0 ? 1 : 0), total + metres, Math.max(most, metres)],
    [0, 0, 0],
  );
  assert(zeros === known.zeros, `${zeros} pixels without depth`);
  assertAlmostEquals(sum, known.sum, 1e-6 * known.sum);
  assertAlmostEquals(farthest, known.farthest, 1e-6 * known.farthest);
};

/** The level of a picture's pixel, red, green and blue. */
export const pixelAt = ({ image }: Sample, row: number, column: number): readonly number[] => {
  const start = (row * image.width + column) * 3;
  return [...image.pixels.subarray(start, start + 3)];
};
