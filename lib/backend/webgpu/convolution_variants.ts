/**
 * The body of a convolution for software adapters: each invocation keeps some pixels × some channels in registers and
 * reads memory directly. Sums are taken in blocks, so that rounding does not grow with the number of all products.
 */
import type { AdapterTraits } from "../adapter.ts";
import { eachLine } from "./shader.ts";

/** Fours of channels in one block of the sum. */
const block = 16;

const eachSum = ({ pixels, quads }: RegisterVariant, line: (sum: string) => string): string =>
  eachLine(pixels, (p) => eachLine(quads, (q) => line(`${p}_${q}`)));

/** Adds what the four channels of `weights`, a name, give to one four of made channels. */
const addProducts = (pixels: number, quad: number, column: (i: number) => string): string =>
  eachLine(4, (i) => `
        { let weights${i} = ${column(i)};
          ${eachLine(pixels, (p) => `part${p}_${quad} += pixel${p}[${i}] * weights${i};`)} }`);

/** Each invocation loads one four of the subgroup's channels and hands it to all: no load is made twice. */
const broadcastProducts = ({ pixels, quads }: RegisterVariant): string => `
      let own = weightsAt(weightTap, channel, firstQuad + lane % ${quads});
      ${eachLine(quads, (q) => addProducts(pixels, q, (i) => `subgroupBroadcast(own[${i}], ${q}u)`))}`;

const ownProducts = ({ pixels, quads }: RegisterVariant): string =>
  eachLine(quads, (q) => `
      let own${q} = weightsAt(weightTap, channel, firstQuad + ${q});
      ${addProducts(pixels, q, (i) => `own${q}[${i}]`)}`);

const fold = (variant: RegisterVariant): string =>
  eachSum(variant, (sum) => `sum${sum} += part${sum}; part${sum} = vec4f();`);

const tapLoop = (variant: RegisterVariant): string => `
  for (var tap = 0; tap < phase.count.x * phase.count.y; tap++) {
    let at = vec2i(tap / phase.count.y, tap % phase.count.y);
    let weightTap = filterTap(phase, at);
    ${eachLine(variant.pixels, (p) => `let read${p} = readAt(place${p}, at);`)}
    var channel = 0;
    while (channel < quads) {
      let end = min(quads, channel + ${block} - pending);
      pending += end - channel;
      while (channel < end) {
        ${eachLine(variant.pixels, (p) => `let pixel${p} = readFour(read${p}, channel);`)}
        ${variant.broadcast ? broadcastProducts(variant) : ownProducts(variant)}
        channel++;
      }
      if (pending == ${block}) {
        ${fold(variant)}
        pending = 0;
      }
    }
  }`;

const write = ({ pixels, quads, lanes }: RegisterVariant): string =>
  eachLine(quads, (q) => `
  let scale${q} = scaleAt(firstQuad + ${q});
  let shift${q} = shiftAt(firstQuad + ${q}, scale${q});`) +
  eachLine(pixels, (p) => `
  let written${p} = writtenAt(phase, firstPixel + ${p * lanes});
  ${
    eachLine(
      quads,
      (q) => `writeFour(written${p}, firstQuad + ${q}, sum${p}_${q} + part${p}_${q}, scale${q}, shift${q});`,
    )
  }`);

/** WGSL: main(). */
export const registersCode = (variant: RegisterVariant): string => `
fn main() {
  let phase = phaseAt(i32(workgroupId.z));
  let lane = i32(localIndex);
  let firstPixel = i32(workgroupId.y) * ${variant.pixels * variant.lanes} + lane;
  let firstQuad = i32(workgroupId.x) * ${variant.quads};
  let quads = summedQuads();
  var pending = 0;
  ${eachLine(variant.pixels, (p) => `let place${p} = placeAt(phase, firstPixel + ${p * variant.lanes});`)}
  ${eachSum(variant, (sum) => `var sum${sum} = vec4f(); var part${sum} = vec4f();`)}
  ${tapLoop(variant)}
  ${write(variant)}
}`;

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
