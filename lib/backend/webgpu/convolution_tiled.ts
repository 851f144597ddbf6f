/**
 * The body of a convolution for GPUs: a product of matrices by tiles in workgroup memory.
 *
 * The sum over taps and channels is taken in steps of 16 channels of one tap (or of several, where there are fewer than
 * 16). While one step is multiplied, the next one is on its way from memory to registers. Sums are taken in blocks, so
 * that rounding grows with the square root of their number and not of all products.
 */
import { type ConvolutionForm, phaseCount } from "./convolution_form.ts";
import type { TiledVariant } from "./convolution_variants.ts";
import { eachLine, fourItems, range } from "./shader.ts";

const depth = 16;
/** Steps of one block of the sum. */
const block = 16;

interface Tiling {
  readonly invocations: number;
  /** Invocations down (pixels) and across (channels). */
  readonly rows: number;
  readonly columns: number;
  /** Registers of an invocation: pixels, and fours of channels. */
  readonly pixels: number;
  readonly quads: number;
  /** Fours of pixels and of channels in the tiles. */
  readonly pixelQuads: number;
  readonly channelQuads: number;
}

const tilingOf = ({ pixels, channels, registerPixels, registerChannels }: TiledVariant): Tiling => {
  const [rows, columns] = [pixels / registerPixels, channels / registerChannels];
  return {
    invocations: rows * columns,
    rows,
    columns,
    pixels: registerPixels,
    quads: registerChannels / 4,
    pixelQuads: pixels / 4,
    channelQuads: channels / 4,
  };
};

/** Invocations of a workgroup. */
export const tiledInvocations = (variant: TiledVariant): number => tilingOf(variant).invocations;

/** Blocks of 4 summed channels × 4 pixels (or made channels) that an invocation brings: the `index`-th of its blocks. */
const blocksOf = (quads: number, { invocations }: Tiling): number => Math.ceil(quads * 4 / invocations);
const laneOf = (index: number, { invocations }: Tiling): string => `(lane + ${index * invocations / 4})`;
const guarded = (index: number, quads: number, tiling: Tiling, statement: string): string =>
  (index + 1) * tiling.invocations > quads * 4
    ? `if (${laneOf(index, tiling)} < ${quads}) { ${statement} }`
    : statement;

const places = (tiling: Tiling): string =>
  eachLine(
    blocksOf(tiling.pixelQuads, tiling),
    (index) =>
      eachLine(4, (i) => `let place${index}_${i} = placeAt(phase, firstPixel + 4 * ${laneOf(index, tiling)} + ${i});`),
  );

const fetch = (tiling: Tiling, step: string): string => `
    {
      let quad = (${step}) * 4 + part;
      let tapIndex = quad / quads;
      let tap = vec2i(tapIndex / max(phase.count.y, 1), tapIndex % max(phase.count.y, 1));
      let channel = quad % quads;
      let there = quad < products;
      ${
  eachLine(blocksOf(tiling.pixelQuads, tiling), (index) =>
    eachLine(4, (i) =>
      `let pixel${index}_${i} = select(-1, readAt(place${index}_${i}, tap), there);`) + `
      nextRead${index} = transpose(mat4x4f(${
      fourItems((i) => `readFour(pixel${index}_${i}, channel)`)
    }));`)
}
      let weightTap = select(0, filterTap(phase, tap), there);
      ${
  eachLine(blocksOf(tiling.channelQuads, tiling), (index) =>
    guarded(
      index,
      tiling.channelQuads,
      tiling,
      `nextWeights${index} = weightsAt(weightTap, channel, firstQuad + ${laneOf(index, tiling)});`,
    ))
}
    }`;

const pitch = (quads: number): number => quads + 1;

const put = (target: string, source: string, quads: number, tiling: Tiling): string =>
  eachLine(blocksOf(quads, tiling), (index) =>
    guarded(
      index,
      quads,
      tiling,
      range(4).map((i) =>
        `${target}[(4 * part + ${i}) * ${pitch(quads)} + ${laneOf(index, tiling)}] = ${source}${index}[${i}];`
      ).join(" "),
    ));

/** One summed channel: the invocation's pixels by its channels. */
const multiply = (offset: number, { rows, columns, pixels, quads, pixelQuads, channelQuads }: Tiling): string => `
      {
        let pixelsFrom = (k + ${offset}) * ${pitch(pixelQuads)} + row;
        let weightsFrom = (k + ${offset}) * ${pitch(channelQuads)} + column;
        ${eachLine(pixels / 4, (j) => `let p${j} = readTile[pixelsFrom + ${j * rows}];`)}
        ${eachLine(quads, (q) => `let w${q} = weightTile[weightsFrom + ${q * columns}];`)}
        ${
  eachLine(pixels, (m) =>
    eachLine(quads, (q) =>
      `part${m}_${q} = fma(vec4f(p${m >> 2}[${m % 4}]), w${q}, part${m}_${q});`))
}
      }`;

const eachSum = ({ pixels, quads }: Tiling, line: (sum: string) => string): string =>
  eachLine(pixels, (m) => range(quads).map((q) => line(`${m}_${q}`)).join(" "));

const write = ({ rows, columns, pixels, quads }: Tiling): string =>
  eachLine(quads, (q) => `
  let quad${q} = firstQuad + column + ${q * columns};
  let scale${q} = scaleAt(quad${q});
  let shift${q} = shiftAt(quad${q}, scale${q});`) +
  eachLine(pixels, (m) => `
  let written${m} = writtenAt(phase, firstPixel + 4 * (row + ${(m >> 2) * rows}) + ${m % 4});
  ${eachLine(quads, (q) => `writeFour(written${m}, quad${q}, sum${m}_${q} + part${m}_${q}, scale${q}, shift${q});`)}`);

/** A number that differs between workgroups, as one that WGSL knows to be the same for a whole workgroup. */
const uniformSteps = `
  if (localIndex == 0u) { sharedSteps = ownSteps; }
  let steps = workgroupUniformLoad(&sharedSteps);`;

const prologue = (form: ConvolutionForm, variant: TiledVariant, tiling: Tiling): string => `
  let phase = phaseAt(i32(workgroupId.z));
  let firstPixel = i32(workgroupId.y) * ${variant.pixels};
  let firstQuad = i32(workgroupId.x) * ${tiling.channelQuads};
  let index = i32(localIndex);
  let row = index / ${tiling.columns};
  let column = index % ${tiling.columns};
  let part = index % 4;
  let lane = index / 4;
  let quads = summedQuads();
  let products = phase.count.x * phase.count.y * quads;
  let ownSteps = select((products + 3) / 4, 0, firstPixel >= pixelsOf(phase));
  ${phaseCount(form) > 1 ? uniformSteps : `let steps = (taps.x * taps.y * quads + 3) / 4;`}`;

const loop = (tiling: Tiling): string => `
  for (var step = 0; step < steps; step++) {
    workgroupBarrier();
    ${put("readTile", "nextRead", tiling.pixelQuads, tiling)}
    ${put("weightTile", "nextWeights", tiling.channelQuads, tiling)}
    workgroupBarrier();
    ${fetch(tiling, "step + 1")}
    for (var k = 0; k < ${depth}; k += 4) {
      ${eachLine(4, (offset) => multiply(offset, tiling))}
    }
    if (step % ${block} == ${block - 1}) {
      ${eachSum(tiling, (sum) => `sum${sum} += part${sum}; part${sum} = vec4f();`)}
    }
  }`;

/** WGSL: workgroup memory and main(). */
export const tiledCode = (form: ConvolutionForm, variant: TiledVariant): string => {
  const tiling = tilingOf(variant);
  return `
var<workgroup> readTile: array<vec4f, ${depth * pitch(tiling.pixelQuads)}>;
var<workgroup> weightTile: array<vec4f, ${depth * pitch(tiling.channelQuads)}>;
var<workgroup> sharedSteps: i32;

fn main() {
  ${prologue(form, variant, tiling)}
  ${places(tiling)}
  ${eachSum(tiling, (sum) => `var sum${sum} = vec4f(); var part${sum} = vec4f();`)}
  ${eachLine(blocksOf(tiling.pixelQuads, tiling), (index) => `var nextRead${index} = mat4x4f();`)}
  ${eachLine(blocksOf(tiling.channelQuads, tiling), (index) => `var nextWeights${index} = mat4x4f();`)}
  ${fetch(tiling, "0")}
  ${loop(tiling)}
  ${write(tiling)}
}`;
};
