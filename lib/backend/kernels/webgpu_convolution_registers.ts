/**
 * The body of a convolution for software adapters: each invocation keeps some pixels × some channels in registers and
 * reads memory directly. Sums are taken in blocks, so that rounding does not grow with the number of all products.
 */
import type { RegisterVariant } from "./webgpu_convolution_variants.ts";
import { eachLine } from "./webgpu_shader.ts";

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
