/**
 * The shader of a convolution's filter gradient for GPUs, with workgroup memory. The sums are those of
 * filter_gradient_shaders.ts.
 */
import { elementAt, filterGradientParameters, type FilterGradientShader } from "./filter_gradient_shaders.ts";
import { eachLine, elementOf, fourItems, type Width } from "./shader.ts";

/** The weights along one side of a workgroup's tile in {@link tiledShader}. */
export const tileSide = 64;

/** The output pixels that {@link tiledShader} takes into workgroup memory at once. */
export const tileDepth = 16;

/** Four numbers of the input or of dy at `index`, 0 where `condition` of the number's offset fails. */
const readFour = (name: string, index: string, width: Width, condition: (offset: number) => string): string =>
  width === 4
    ? `select(vec4f(), ${name}[${elementAt(index, width)}], ${condition(0)})`
    : `vec4f(${fourItems((offset) => `select(0.0, ${name}[${index} + ${offset}], ${condition(offset)})`)})`;

/**
 * For GPUs: a workgroup of 16 × 8 invocations sums a tile of 64 × 64 weights, 8 × 4 an invocation, over `slice` output
 * pixels, 16 of which it shares at a time. A slice is a multiple of 16.
 */
export const tiledShader = (input: Width, output: Width): FilterGradientShader => ({
  name: `filter gradient, tiled, ${input} and ${output}`,
  workgroup: [16, 8, 1],
  writes: { partials: elementOf(output) },
  reads: { x: elementOf(input), dy: elementOf(output) },
  parameters: filterGradientParameters,
  code: `
var<workgroup> tileOfX: array<array<vec4f, ${tileSide / 4}>, ${tileDepth}>;
var<workgroup> tileOfDy: array<array<vec4f, ${tileSide / 4}>, ${tileDepth}>;

struct Pixel { at: i32, n: i32, i: i32, j: i32 }

// Counts on, as two divisions a pixel would cost as much as all the rest.
fn advance(pixel: Pixel, by: i32) -> Pixel {
  var next = pixel;
  next.at += by;
  next.j += by;
  while (next.j >= parameters.outWidth) {
    next.j -= parameters.outWidth;
    next.i += 1;
    if (next.i == parameters.outHeight) {
      next.i = 0;
      next.n += 1;
    }
  }
  return next;
}

fn fourOfX(pixel: Pixel, r: i32, m: i32) -> vec4f {
  let p = parameters;
  let h = pixel.i * p.strideHeight + r - p.top;
  let limit = p.width * p.channels;
  let q = (pixel.j * p.strideWidth - p.left) * p.channels + m;
  let at = (pixel.n * p.height + h) * limit + q;
  if (pixel.at >= p.total || h < 0 || h >= p.height) { return vec4f(); }
  return ${readFour("x", "at", input, (o) => `q + ${o} >= 0 && q + ${o} < limit`)};
}

fn fourOfDy(pixel: i32, k: i32) -> vec4f {
  let p = parameters;
  if (pixel >= p.total) { return vec4f(); }
  let at = pixel * p.outputs + k;
  return ${readFour("dy", "at", output, (o) => `k + ${o} < p.outputs`)};
}

fn write(at: i32, k: i32, sum: vec4f) {
  let outputs = parameters.outputs;
${
    output === 4
      ? `  if (k < outputs) { partials[${elementAt("at * outputs + k", output)}] = sum; }`
      : eachLine(4, (o) => `  if (k + ${o} < outputs) { partials[at * outputs + k + ${o}] = sum[${o}]; }`)
  }
}

fn main() {
  let p = parameters;
  let tilesOfRun = (p.run + ${tileSide - 1}) / ${tileSide};
  let r = i32(workgroupId.y) / tilesOfRun;
  let m = i32(workgroupId.y) % tilesOfRun * ${tileSide};
  let k = i32(workgroupId.x) * ${tileSide};
  let lane = i32(localId.x);
  let part = i32(localId.y);
${eachLine(8, (a) => `  var sum${a} = vec4f();`)}
  let start = i32(workgroupId.z) * p.slice + part;
  let row = start / p.outWidth;
  var pixel = Pixel(start, row / p.outHeight, row % p.outHeight, start % p.outWidth);
  for (var depth = 0; depth < p.slice; depth += ${tileDepth}) {
    for (var half = part; half < ${tileDepth}; half += 8) {
      tileOfX[half][lane] = fourOfX(pixel, r, m + lane * 4);
      tileOfDy[half][lane] = fourOfDy(pixel.at, k + lane * 4);
      pixel = advance(pixel, 8);
    }
    workgroupBarrier();
    for (var at = 0; at < ${tileDepth}; at++) {
      let first = tileOfX[at][part * 2];
      let second = tileOfX[at][part * 2 + 1];
      let slope = tileOfDy[at][lane];
${eachLine(8, (a) => `      sum${a} += ${a < 4 ? "first" : "second"}[${a & 3}] * slope;`)}
    }
    workgroupBarrier();
  }
  let weight = m + part * 8;
  let at = (i32(workgroupId.z) * p.filterHeight + r) * p.run + weight;
${eachLine(8, (a) => `  if (weight + ${a} < p.run) { write(at + ${a}, k + lane * 4, sum${a}); }`)}
}`,
});
