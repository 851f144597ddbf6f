/** How a convolution's shaders read pixels and filters and write results, four channels at a time: the WGSL. */
import type { ConvolutionForm, Epilogue, SourceForm } from "./convolution_form.ts";
import { type Element, elementOf, fourItems, range } from "./shader.ts";

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

/** The buffers of the input, in the order of their binding. */
export const sourceReads = ({ source, summedByFours }: ConvolutionForm): Readonly<Record<string, Element>> => {
  const element = elementOf(summedByFours ? 4 : 1);
  return {
    source: element,
    ...(source === "one" ? {} : { second: element }),
    ...(source === "joined with gain" ? { gain: element } : {}),
  };
};

/** `width` and `first` are expressions of how many items a pixel has, of both tensors and of the first one. */
const sourceItem = (source: SourceForm, element: Element, width: string, first: string): string =>
  source === "one"
    ? `
fn sourceItem(pixel: i32, item: i32) -> ${element} { return source[pixel * ${width} + item]; }`
    : `
fn sourceItem(pixel: i32, item: i32) -> ${element} {
  if (item < ${first}) { return source[pixel * ${first} + item]; }
  let at = pixel * (${width} - ${first}) + item - ${first};
  return second[at]${source === "joined" ? "" : " * gain[at]"};
}`;

const sourceByFours = `
fn readFour(pixel: i32, quad: i32) -> vec4f {
  return select(vec4f(), sourceItem(max(pixel, 0), quad), pixel >= 0);
}`;

const sourceOneByOne = `
fn readOne(pixel: i32, channel: i32) -> f32 {
  let there = pixel >= 0 && channel < parameters.summed;
  return select(0.0, sourceItem(select(0, pixel, there), select(0, channel, there)), there);
}
fn readFour(pixel: i32, quad: i32) -> vec4f {
  return vec4f(${fourItems((channel) => `readOne(pixel, 4 * quad + ${channel})`)});
}`;

/**
 * WGSL: readFour, four channels of a pixel, zeros outside the images and past the last channel. Where two tensors are joined
 * along channels, they are read in place.
 */
export const sourceCode = ({ source, summedByFours }: ConvolutionForm): string =>
  summedByFours
    ? sourceItem(source, "vec4f", "summedQuads()", "(parameters.firstSummed / 4)") + sourceByFours
    : sourceItem(source, "f32", "parameters.summed", "parameters.firstSummed") + sourceOneByOne;

/** Half-pixel centres, edges clamped, from the four neighbours in the order of TensorFlow.js's ResizeBilinear. */
const interpolated = (element: string, width: string): string => `
fn residualItem(pixel: i32, item: i32) -> ${element} {
  let made = vec2i(parameters.madeHeight, parameters.madeWidth);
  let size = vec2i(parameters.residualHeight, parameters.residualWidth);
  let cell = pixel % (made.x * made.y);
  let centre = vec2f(f32(cell / made.y), f32(cell % made.y)) + 0.5;
  let at = clamp(centre * (vec2f(size) / vec2f(made)) - 0.5, vec2f(), vec2f(size - 1));
  let near = vec2i(at);
  let far = min(near + 1, size - 1);
  let share = at - vec2f(near);
  let image = pixel / (made.x * made.y) * size.x;
  let above = (image + near.x) * size.y;
  let below = (image + far.x) * size.y;
  let aboveLeft = residual[(above + near.y) * ${width} + item];
  let aboveRight = residual[(above + far.y) * ${width} + item];
  let belowLeft = residual[(below + near.y) * ${width} + item];
  let belowRight = residual[(below + far.y) * ${width} + item];
  let top = aboveLeft + (aboveRight - aboveLeft) * share.y;
  let bottom = belowLeft + (belowRight - belowLeft) * share.y;
  return top + (bottom - top) * share.x;
}`;

const inPlace = (element: string, width: string): string => `
fn residualItem(pixel: i32, item: i32) -> ${element} { return residual[pixel * ${width} + item]; }`;

const noResidual = `
fn residualFour(pixel: i32, quad: i32) -> vec4f { return vec4f(); }`;

const residualByFours = `
fn residualFour(pixel: i32, quad: i32) -> vec4f { return residualItem(pixel, quad); }`;

/** Past the last channel the last is read, for sums that nobody uses. */
const residualOneByOne = `
fn residualFour(pixel: i32, quad: i32) -> vec4f {
  let last = parameters.made - 1;
  return vec4f(${fourItems((i) => `residualItem(pixel, min(4 * quad + ${i}, last))`)});
}`;

/**
 * WGSL: residualFour, what is added to four channels of a pixel of the output: a residual in place, or interpolated to the
 * output's height and width.
 */
const residualCode = ({ epilogue: { residual, resized }, madeByFours }: ConvolutionForm): string => {
  if (residual === "none") return noResidual;
  const item = resized ? interpolated : inPlace;
  return madeByFours
    ? item("vec4f", "madeQuads()") + residualByFours
    : item("f32", "parameters.made") + residualOneByOne;
};
