/**
 * The shaders of batch norm in training, forward and backward, on [rows, channels]. With M rows, x̂ = (x − mean) / σ
 * and σ = √(variance + ε): y = γ · x̂ + β and dx = γ/σ · (dy − Σdy/M − x̂ · Σ(dy · x̂)/M) (Ioffe and Szegedy 2015,
 * section 3).
 */
import {
  combineParts,
  type InvocationLayout,
  ownRows,
  partsShader,
  reductionCode,
  type RowParameter,
  rowParameters,
  shaderBase,
} from "./channel_shaders.ts";
import { type Element, elementOf, type ShaderOf } from "./shader.ts";

const named = <K extends string>(element: Element, ...names: readonly K[]): Readonly<Record<K, Element>> =>
  Object.fromEntries(names.map((name) => [name, element])) as Record<K, Element>;

/** x to the mean and Σ (x − mean)² of each workgroup's rows. A lane's sums are of distances from its first row. */
export const momentParts = (layout: InvocationLayout): ShaderOf<"parts", "x", RowParameter> => {
  const element = elementOf(layout.width);
  return partsShader(
    "batch norm, parts of moments",
    "moments",
    layout,
    named(element, "x"),
    `
  let count = f32(last - first);
  let shift = x[min(first, p.rows - 1) * p.groups + group];
  var sum = ${element}();
  var squares = ${element}();
  for (var at = first * p.groups + group; at < last * p.groups; at += p.groups) {
    let distance = x[at] - shift;
    sum += distance;
    squares += distance * distance;
  }
  let offset = sum / max(count, 1.0);
  let one = shift + offset;
  let two = max(squares - offset * sum, ${element}());`,
  );
};

/** The parts of moments to mean, biased variance and 1 / σ. */
export const moments = (
  layout: InvocationLayout,
): ShaderOf<"mean" | "variance" | "inverse", "parts", RowParameter | "epsilon"> => {
  const element = elementOf(layout.width);
  return {
    ...shaderBase("batch norm, moments", layout),
    writes: named(element, "mean", "variance", "inverse"),
    reads: named(element, "parts"),
    parameters: { ...rowParameters, epsilon: "f32" },
    code: reductionCode(
      "moments",
      layout,
      combineParts("moments", layout),
      `
    let spread = two / f32(p.rows);
    mean[group] = one;
    variance[group] = spread;
    inverse[group] = 1.0 / sqrt(spread + p.epsilon);`,
    ),
  };
};

/** x to γ · (x − mean) / σ + β. */
export const normalized = (
  layout: InvocationLayout,
): ShaderOf<"y", "x" | "gamma" | "beta" | "mean" | "inverse", RowParameter> => {
  const element = elementOf(layout.width);
  return {
    ...shaderBase("batch norm, normalized", layout),
    writes: named(element, "y"),
    reads: named(element, "x", "gamma", "beta", "mean", "inverse"),
    parameters: rowParameters,
    code: `
fn main() {${ownRows(layout)}
  if (group >= p.groups) { return; }
  let centre = mean[group];
  let scale = inverse[group] * gamma[group];
  let shift = beta[group];
  for (var at = first * p.groups + group; at < last * p.groups; at += p.groups) {
    y[at] = (x[at] - centre) * scale + shift;
  }
}`,
  };
};

/** x and dy to Σ dy and Σ dy · (x − mean) of each workgroup's rows. */
export const gradientParts = (layout: InvocationLayout): ShaderOf<"parts", "x" | "dy" | "mean", RowParameter> => {
  const element = elementOf(layout.width);
  return partsShader(
    "batch norm, parts of gradients",
    "sums",
    layout,
    named(element, "x", "dy", "mean"),
    `
  let centre = mean[group];
  let count = 0.0;
  var one = ${element}();
  var two = ${element}();
  for (var at = first * p.groups + group; at < last * p.groups; at += p.groups) {
    let slope = dy[at];
    one += slope;
    two += slope * (x[at] - centre);
  }`,
  );
};

/** The parts of gradients to those of γ and β: Σ dy · x̂ and Σ dy. */
export const parameterGradients = (
  layout: InvocationLayout,
): ShaderOf<"dGamma" | "dBeta", "parts" | "inverse", RowParameter> => {
  const element = elementOf(layout.width);
  return {
    ...shaderBase("batch norm, gradients of γ and β", layout),
    writes: named(element, "dGamma", "dBeta"),
    reads: named(element, "parts", "inverse"),
    parameters: rowParameters,
    code: reductionCode(
      "sums",
      layout,
      combineParts("sums", layout),
      `
    dGamma[group] = two * inverse[group];
    dBeta[group] = one;`,
    ),
  };
};

/** x and dy to dx. */
export const inputGradient = (
  layout: InvocationLayout,
): ShaderOf<"dx", "x" | "dy" | "gamma" | "mean" | "inverse" | "dGamma" | "dBeta", RowParameter> => {
  const element = elementOf(layout.width);
  return {
    ...shaderBase("batch norm, gradient of the input", layout),
    writes: named(element, "dx"),
    reads: named(element, "x", "dy", "gamma", "mean", "inverse", "dGamma", "dBeta"),
    parameters: rowParameters,
    code: `
fn main() {${ownRows(layout)}
  if (group >= p.groups) { return; }
  let centre = mean[group];
  let scale = gamma[group] * inverse[group];
  let level = dBeta[group] / f32(p.rows);
  let along = inverse[group] * dGamma[group] / f32(p.rows);
  for (var at = first * p.groups + group; at < last * p.groups; at += p.groups) {
    dx[at] = scale * (dy[at] - level - (x[at] - centre) * along);
  }
}`,
  };
};
