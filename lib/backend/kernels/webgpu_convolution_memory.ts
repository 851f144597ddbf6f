/** How a convolution's shaders read pixels and filters and write results, four channels at a time: the WGSL. */
import type { ConvolutionForm, Epilogue } from "./webgpu_convolution_form.ts";
import { residualCode } from "./webgpu_convolution_residual.ts";
import { sourceCode, sourceReads } from "./webgpu_convolution_source.ts";
import { type Element, elementOf, fourItems, range } from "./webgpu_shader.ts";

/** The buffers that a shader reads, in the order of their binding. */
export const readsOf = (form: ConvolutionForm): Readonly<Record<string, Element>> => ({
  ...sourceReads(form),
  // The filter's last axis is the channels that are made, or for the gradient those that are summed over.
  weights: elementOf((form.direction === "forward" ? form.madeByFours : form.summedByFours) ? 4 : 1),
  ...epilogueReads(form),
});

/** Those of them that what follows the sum reads. */
export const epilogueReads = (form: ConvolutionForm): Readonly<Record<string, Element>> => {
  const made = elementOf(form.madeByFours ? 4 : 1);
  const { bias, norm, residual } = form.epilogue;
  return {
    ...(bias ? { bias: made } : {}),
    ...(norm ? { gamma: made, beta: made, mean: made, variance: made } : {}),
    ...(residual === "none" ? {} : { residual: made }),
  };
};

/** Column i of the matrix is what summed channel 4 · quad + i gives to the four channels that are made. */
const weightsSignature = "fn weightsAt(tap: i32, quad: i32, madeQuad: i32) -> mat4x4f";

/** The filter is [tap][summed][made]; past the last channel the last is read, for sums that nobody uses or times 0. */
const forwardWeights = (summedByFours: boolean): string => `
${weightsSignature} {
  let column = min(madeQuad, madeQuads() - 1);
  let row = tap * parameters.summed + 4 * quad;
  let last = tap * parameters.summed + parameters.summed - 1;
  return mat4x4f(${
  fourItems((i) => `weights[${summedByFours ? `(row + ${i})` : `min(row + ${i}, last)`} * madeQuads() + column]`)
});
}`;

/** The filter is [tap][made][summed]. */
const gradientWeights = `
${weightsSignature} {
  let row = tap * parameters.made;
  let last = parameters.made - 1;
  return transpose(mat4x4f(${
  fourItems((i) => `weights[(row + min(4 * madeQuad + ${i}, last)) * summedQuads() + quad]`)
}));
}`;

const weightsOneByOne = (forward: boolean): string => `
fn weightAt(tap: i32, summed: i32, made: i32) -> f32 {
  let there = summed < parameters.summed && made < parameters.made;
  let at = ${
  forward
    ? "(tap * parameters.summed + summed) * parameters.made + made"
    : "(tap * parameters.made + made) * parameters.summed + summed"
};
  return select(0.0, weights[select(0, at, there)], there);
}
${weightsSignature} {
  return mat4x4f(${fourItems((i) => fourItems((j) => `weightAt(tap, 4 * quad + ${i}, 4 * madeQuad + ${j})`))});
}`;

const weightsCode = (form: ConvolutionForm): string => {
  if (readsOf(form).weights === "f32") return weightsOneByOne(form.direction === "forward");
  return form.direction === "forward" ? forwardWeights(form.summedByFours) : gradientWeights;
};

const vectorCode = (name: string, byFours: boolean): string =>
  byFours
    ? `fn ${name}At(quad: i32) -> vec4f { return ${name}[min(quad, madeQuads() - 1)]; }`
    : `fn ${name}At(quad: i32) -> vec4f {
  let last = parameters.made - 1;
  return vec4f(${fourItems((i) => `${name}[min(4 * quad + ${i}, last)]`)});
}`;

/** Batch norm and bias as one scale and one shift, from the vectors themselves. */
const affineCode = ({ bias, norm }: Epilogue, byFours: boolean): string => `
${
  [...(bias ? ["bias"] : []), ...(norm ? ["gamma", "beta", "mean", "variance"] : [])]
    .map((name) => vectorCode(name, byFours)).join("\n")
}
fn scaleAt(quad: i32) -> vec4f {
  return ${norm ? "gammaAt(quad) / sqrt(varianceAt(quad) + parameters.epsilon)" : "vec4f(1.0)"};
}
fn shiftAt(quad: i32, scale: vec4f) -> vec4f {
  return ${
  norm
    ? `betaAt(quad) + (${bias ? "biasAt(quad)" : "vec4f()"} - meanAt(quad)) * scale`
    : bias
    ? "biasAt(quad)"
    : "vec4f()"
};
}`;

const activations: Readonly<Record<Epilogue["activation"], string>> = {
  none: "value",
  relu: "max(value, vec4f())",
  leakyRelu: "select(value, value * parameters.slope, value < vec4f())",
};

const isPlain = ({ bias, norm }: Epilogue): boolean => !bias && !norm;

const finishCode = (epilogue: Epilogue): string => `
fn finish(sum: vec4f, scale: vec4f, shift: vec4f, other: vec4f) -> vec4f {
  let normed = ${isPlain(epilogue) ? "sum" : "sum * scale + shift"};
  let value = normed${epilogue.residual === "before activation" ? " + other" : ""};
  let activated = ${activations[epilogue.activation]};
  return activated${epilogue.residual === "after activation" ? " + other" : ""};
}`;

const writeByFours = `
fn writeFour(pixel: i32, quad: i32, sum: vec4f, scale: vec4f, shift: vec4f) {
  if (pixel < 0 || quad >= madeQuads()) { return; }
  output[pixel * madeQuads() + quad] = finish(sum, scale, shift, residualFour(pixel, quad));
}`;

const writeOneByOne = `
fn writeFour(pixel: i32, quad: i32, sum: vec4f, scale: vec4f, shift: vec4f) {
  if (pixel < 0) { return; }
  let channel = 4 * quad;
  let at = pixel * parameters.made + channel;
  let value = finish(sum, scale, shift, residualFour(pixel, quad));
  ${range(4).map((i) => `if (channel + ${i} < parameters.made) { output[at + ${i}] = value[${i}]; }`).join("\n  ")}
}`;

/** WGSL: how many fours of channels there are. */
export const sizesCode: string = `
fn summedQuads() -> i32 { return (parameters.summed + 3) / 4; }
fn madeQuads() -> i32 { return (parameters.made + 3) / 4; }`;

/** WGSL: scaleAt, shiftAt and writeFour. */
export const writeCode = (form: ConvolutionForm): string => `
${affineCode(form.epilogue, form.madeByFours)}
${finishCode(form.epilogue)}
${residualCode(form)}
${form.madeByFours ? writeByFours : writeOneByOne}
`;

/** WGSL: readFour, weightsAt, scaleAt, shiftAt and writeFour. */
export const memoryCode = (form: ConvolutionForm): string => `
${sizesCode}
${sourceCode(form)}
${weightsCode(form)}
${writeCode(form)}
`;
