/**
 * The numbers to agree with, which lie beside the repository; tests that need them are skipped where they are
 * missing.
 */
import { fromFileUrl } from "../std.ts";
import type { TensorShape } from "../../lib/formats/torch_layout.ts";

/** An array of the published network: its moments and its values at indices of (batch, height, width, channels). */
export interface Summary {
  readonly mean: number;
  readonly abs_mean: number;
  readonly rms: number;
  readonly min: number;
  readonly max: number;
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** One forward and backward pass. Gradients are by published name. */
export interface BackwardReference {
  readonly depth: Summary;
  readonly l1: number;
  readonly embedding: readonly [number, number];
  readonly loss: number;
  readonly grad_rms: Readonly<Record<string, number>>;
  readonly zero_gradient: readonly string[];
  /** How far the same gradient is from the truth in PyTorch's float32, relative. */
  readonly float32_error: Readonly<Record<string, number>>;
}

/** All numbers of one input size. */
export interface Reference {
  readonly eval: {
    readonly backbone: readonly Summary[];
    readonly pyramid: readonly Summary[];
    readonly depth: Summary;
  };
  readonly frozen: BackwardReference;
  readonly train: BackwardReference & { readonly running: Readonly<Record<string, Summary>> };
}

/** The size of an input. */
export interface Size {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** The sizes for which there are numbers: one that all strides divide, and one that none divides. */
export const sizes: readonly Size[] = [{ batch: 1, height: 64, width: 96 }, { batch: 2, height: 70, width: 101 }];

/** A size as people write it, and as the files are named. */
export const sizeText = ({ batch, height, width }: Size): string => `${height}x${width}x${batch}`;

const folder = new URL("../../../shared/parity/", import.meta.url);

/** A file of the folder with the numbers. */
export const parityFile = (name: string): URL => new URL(name, folder);

const isPresent = async (): Promise<boolean> => {
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch {
    console.log(`skipped: there are no numbers to agree with in ${fromFileUrl(folder)}`);
    return false;
  }
};

/** Whether the numbers are there; where they are not, this says so. */
export const referencePresent: boolean = await isPresent();

const readJson = async (name: string) => JSON.parse(await Deno.readTextFile(parityFile(name)));

/** The numbers of one size. */
export const readReference = async (size: Size): Promise<Reference> =>
  await readJson(`cliffnet-${sizeText(size)}.json`);

/** Every name of the published network with its shape, without the counters of batches. */
export const readPublishedShapes = async (): Promise<ReadonlyMap<string, TensorShape>> => {
  const all: Readonly<Record<string, TensorShape>> = await readJson("state-dict.json");
  return new Map(Object.entries(all).filter(([name]) => !name.endsWith(".num_batches_tracked")));
};
