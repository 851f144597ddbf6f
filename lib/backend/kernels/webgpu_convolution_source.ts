import type { ConvolutionForm, SourceForm } from "./webgpu_convolution_form.ts";
import { type Element, elementOf, fourItems } from "./webgpu_shader.ts";

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
