/** How convolutions are computed on which adapter and at which sizes: the table, and what it chooses from. */
import type { AdapterTraits } from "./webgpu_adapter.ts";

/**
 * For GPUs: a workgroup multiplies a tile of pixels by a tile of channels, both brought to workgroup memory 16 summed
 * channels at a time; each invocation keeps a part of the result in registers.
 */
export interface TiledVariant {
  readonly kind: "tiled";
  /** Pixels of a workgroup; a multiple of `registerPixels`. */
  readonly pixels: number;
  /** Channels of a workgroup; a multiple of `registerChannels`. */
  readonly channels: number;
  /** Pixels of an invocation: a multiple of 4. */
  readonly registerPixels: number;
  /** Channels of an invocation: a multiple of 4. */
  readonly registerChannels: number;
}

/** For processors: registers alone, no workgroup memory and no barriers. */
export interface RegisterVariant {
  readonly kind: "registers";
  /** Pixels of an invocation. */
  readonly pixels: number;
  /** Channels of an invocation, in fours. */
  readonly quads: number;
  /** Invocations of a workgroup. */
  readonly lanes: number;
  /**
   * Whether the invocations of a workgroup are one subgroup of which each loads one of the filter's quads and hands it to
   * the others; then `quads` is at most `lanes`.
   */
  readonly broadcast: boolean;
}

/** How a convolution is computed. */
export type ConvolutionVariant = TiledVariant | RegisterVariant;

/** A name that tells variants apart. */
export const variantName = (variant: ConvolutionVariant): string => Object.values(variant).join(" ");

/** The sizes that the table looks at. */
export interface ConvolutionSize {
  /** Output pixels in all, of all images, in one phase. */
  readonly pixels: number;
  /** Channels that are made. */
  readonly channels: number;
}

const tile = (pixels: number, channels: number, registerPixels: number, registerChannels: number): TiledVariant => ({
  kind: "tiled",
  pixels,
  channels,
  registerPixels,
  registerChannels,
});

/** From the fewest loads for each product to the most workgroups. */
const tiles: readonly TiledVariant[] = [tile(128, 64, 8, 8), tile(64, 64, 8, 8), tile(64, 32, 8, 4)];
const smallest: TiledVariant = tile(32, 32, 4, 4);
const narrow: TiledVariant = tile(128, 4, 4, 4);

/** Two workgroups for each of some 130 processors of a large GPU. */
const enoughWorkgroups = 264;

const workgroupsOf = ({ pixels, channels }: ConvolutionSize, tile: TiledVariant): number =>
  Math.ceil(pixels / tile.pixels) * Math.ceil(channels / tile.channels);

const gpuVariant = (size: ConvolutionSize): TiledVariant =>
  size.channels <= 8 ? narrow : tiles.find((tile) => workgroupsOf(size, tile) >= enoughWorkgroups) ?? smallest;

const registers = (pixels: number, quads: number, lanes: number, broadcast: boolean): RegisterVariant => ({
  kind: "registers",
  pixels,
  quads,
  lanes,
  broadcast,
});

/** Software Vulkan compiles a load to a loop over its 8 lanes, some 60 multiplications' worth: so each loads what no other does. */
const softwareVariant = ({ channels }: ConvolutionSize, lanes: number): RegisterVariant => {
  if (channels <= 8) return registers(4, 1, 8, false);
  return lanes >= 4 && lanes <= 16 ? registers(4, Math.min(lanes, 8), lanes, true) : registers(8, 4, 8, false);
};

/** The variant for an adapter and a size. */
export const convolutionVariant = ({ software, lanes }: AdapterTraits, size: ConvolutionSize): ConvolutionVariant =>
  software ? softwareVariant(size, lanes) : gpuVariant(size);

/**
 * Whether convolutions by a variant, or by the table's choice, read a product where its factors are. Software does not:
 * a load costs it much, and each pixel is loaded for every tap and block of channels, so it multiplies once, before.
 */
export const readsProducts = ({ software }: AdapterTraits, variant: ConvolutionVariant | undefined): boolean =>
  (variant?.kind ?? (software ? "registers" : "tiled")) === "tiled";
