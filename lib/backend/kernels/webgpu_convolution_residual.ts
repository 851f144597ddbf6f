import type { ConvolutionForm } from "./webgpu_convolution_form.ts";
import { fourItems } from "./webgpu_shader.ts";

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
export const residualCode = ({ epilogue: { residual, resized }, madeByFours }: ConvolutionForm): string => {
  if (residual === "none") return noResidual;
  const item = resized ? interpolated : inPlace;
  return madeByFours
    ? item("vec4f", "madeQuads()") + residualByFours
    : item("f32", "parameters.made") + residualOneByOne;
};
