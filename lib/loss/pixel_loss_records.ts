/** The built-in losses that need no generator, one after the other: their list is in `pixel_losses.ts`. */
import {
  integerParameter,
  type NoParameters,
  type NumberParameter,
  numberParameter,
  type PixelLoss,
} from "./pixel_loss.ts";

/** The mean absolute error. */
export const l1Loss: PixelLoss<"l1", NoParameters> = {
  name: "l1",
  title: "L1",
  unit: "m",
  source: "Wang et al., ECCV 2020",
  parameters: {},
  load: () => import("./pixel.ts").then(({ l1 }) => () => l1),
};

/** The mean squared error. */
export const l2Loss: PixelLoss<"l2", NoParameters> = {
  name: "l2",
  title: "L2",
  unit: "m²",
  source: "least squares",
  parameters: {},
  load: () => import("./pixel.ts").then(({ l2 }) => () => l2),
};

/** Squares of small errors, and large ones as they are. */
export const huberLoss: PixelLoss<"huber", { readonly threshold: NumberParameter }> = {
  name: "huber",
  title: "Huber",
  unit: "m²",
  source: "Huber, 1964",
  parameters: { threshold: numberParameter(1, [1e-6, 1e6], "Metres up to which an error counts by its square.") },
  load: () => import("./pixel.ts").then(({ huber }) => ({ threshold }) => huber(threshold)),
};

/** Small errors as they are, and squares of large ones. */
export const berHuLoss: PixelLoss<"berhu", { readonly share: NumberParameter }> = {
  name: "berhu",
  title: "BerHu",
  unit: "m",
  source: "Laina et al., 3DV 2016",
  parameters: { share: numberParameter(0.2, [1e-6, 1], "The part of the largest error at which squares begin.") },
  load: () => import("./pixel.ts").then(({ berHu }) => ({ share }) => berHu(share)),
};

/** Errors of the logarithm of depth. */
export const logLoss: PixelLoss<"log", NoParameters> = {
  name: "log",
  title: "Log",
  unit: "1",
  source: "Saxena et al., TPAMI 2009",
  parameters: {},
  load: () => import("./scale_invariant.ts").then(({ logL1 }) => () => logL1),
};

/** The variance of the logarithm's error, and a part of its squared mean. */
export const eigenLoss: PixelLoss<"eigen", { readonly lambda: NumberParameter }> = {
  name: "eigen",
  title: "Scale-invariant",
  unit: "1",
  source: "Eigen et al., NeurIPS 2014",
  parameters: {
    lambda: numberParameter(0.5, [0, 1], "How little the scale of a prediction counts: 1 for not at all."),
  },
  load: () => import("./scale_invariant.ts").then(({ eigen }) => ({ lambda }) => eigen(lambda)),
};

/** The root of the scale-invariant loss of a whole batch. */
export const siLogLoss: PixelLoss<"silog", { readonly lambda: NumberParameter; readonly factor: NumberParameter }> = {
  name: "silog",
  title: "SILog",
  unit: "1",
  source: "Lee et al., arXiv 2019",
  parameters: {
    lambda: numberParameter(0.85, [0, 1], "How little a scale counts that a batch has in common: 1 for not at all."),
    factor: numberParameter(10, [0, 1e6], "What the root is multiplied by."),
  },
  load: () => import("./scale_invariant.ts").then(({ siLog }) => ({ lambda, factor }) => siLog(lambda, factor)),
};

/** Errors that count the more, the farther away and the more wrong they are. */
export const depthAwareLoss: PixelLoss<"depth-aware", NoParameters> = {
  name: "depth-aware",
  title: "Depth-aware",
  unit: "m",
  source: "Jiao et al., ECCV 2018",
  parameters: {},
  load: () => import("./pixel.ts").then(({ depthAware }) => () => depthAware),
};

/** Errors of the depth's slopes. */
export const gradientPixelLoss: PixelLoss<"gradient", NoParameters> = {
  name: "gradient",
  title: "Gradient",
  unit: "m",
  source: "Wang et al., ECCV 2020",
  parameters: {},
  hierarchy: { generator: "sobel", weights: () => [0, 1] },
  load: () => import("./hierarchical.ts").then(({ gradientLoss }) => () => gradientLoss),
};

/** Errors of the slopes at several scales. */
export const multiScaleGradientPixelLoss: PixelLoss<"multi-scale-gradient", { readonly scales: NumberParameter }> = {
  name: "multi-scale-gradient",
  title: "Multi-scale gradient",
  unit: "m",
  source: "Li and Snavely, CVPR 2018",
  parameters: { scales: integerParameter(4, [1, 13], "At how many scales slopes are compared, each half the size.") },
  check: ({ scales }, height, width) => {
    const most = 1 + Math.floor(Math.log2(Math.min(height, width)));
    return scales <= most
      ? null
      : { name: "scales", expected: `at most ${most}, for depth maps of ${height}×${width}` };
  },
  hierarchy: { generator: "sobel", weights: ({ scales }) => [0, ...new Array<number>(scales).fill(1 / scales)] },
  load: () =>
    import("./hierarchical.ts").then(({ multiScaleGradientLoss }) => ({ scales }) => multiScaleGradientLoss(scales)),
};

/** The parameters of the structural dissimilarity. */
export type SsimParameters = {
  /** Rows and columns of a window. */
  readonly window: NumberParameter;
  /** The width of the weights in a window. */
  readonly sigma: NumberParameter;
  /** The range of depth. */
  readonly range: NumberParameter;
};

/** Differences of mean, spread and pattern in windows. */
export const ssimLoss: PixelLoss<"ssim", SsimParameters> = {
  name: "ssim",
  title: "SSIM",
  unit: "1",
  source: "Wang et al., TIP 2004",
  parameters: {
    window: integerParameter(11, [1, 255], "Rows and columns of a window, an odd number."),
    sigma: numberParameter(1.5, [0.1, 1e3], "The standard deviation of the weights in a window, in pixels."),
    range: numberParameter(10, [1e-3, 1e6], "The range of depth in metres, by which differences are judged."),
  },
  check: ({ window }, height, width) => {
    const most = Math.min(height, width);
    if (window % 2 === 0) return { name: "window", expected: "an odd number" };
    return window <= most
      ? null
      : { name: "window", expected: `at most ${most}, for depth maps of ${height}×${width}` };
  },
  load: () => import("./ssim.ts").then(({ ssim }) => ssim),
};

/** Depth that has edges where the picture has none. */
export const smoothnessLoss: PixelLoss<"smoothness", NoParameters> = {
  name: "smoothness",
  title: "Edge-aware smoothness",
  unit: "1",
  source: "Godard et al., CVPR 2017",
  parameters: {},
  seesTruth: false,
  load: () => import("./smoothness.ts").then(({ edgeAwareSmoothness }) => () => edgeAwareSmoothness),
};

/** The parameters of virtual normals. */
export type VirtualNormalParameters = {
  /** How far apart the points of a group are. */
  readonly distance: NumberParameter;
  /** How open a group's triangle is. */
  readonly angle: NumberParameter;
  /** The view of the camera. */
  readonly view: NumberParameter;
};

/** Differences of the normals of triangles between far points. */
export const virtualNormalLoss: PixelLoss<"virtual-normal", VirtualNormalParameters> = {
  name: "virtual-normal",
  title: "Virtual normal",
  unit: "1",
  source: "Yin et al., ICCV 2019",
  parameters: {
    distance: numberParameter(0.6, [0, 1e6], "Metres by which the points of a group are at least apart."),
    angle: numberParameter(30, [0, 60], "The smallest angle of a group's triangle, in degrees."),
    view: numberParameter(63, [1, 179], "Degrees that the camera sees along the longer side; 63 in NYU Depth V2."),
  },
  load: () => import("./virtual_normal.ts").then(({ virtualNormal }) => virtualNormal),
};

/** The parameters of the scale-and-shift-invariant loss. */
export type ScaleShiftInvariantParameters = {
  /** At how many scales slopes are compared. */
  readonly scales: NumberParameter;
  /** What the differences of slopes are multiplied by. */
  readonly gradientWeight: NumberParameter;
};

/** Errors, and those of slopes, after the scale and shift of each prediction that make its error least. */
export const scaleShiftInvariantLoss: PixelLoss<"scale-shift-invariant", ScaleShiftInvariantParameters> = {
  name: "scale-shift-invariant",
  title: "Scale and shift invariant",
  unit: "m",
  source: "Ranftl et al., TPAMI 2020",
  parameters: {
    scales: integerParameter(4, [0, 12], "At how many scales slopes are compared, each half the size; 0 for none."),
    gradientWeight: numberParameter(0.5, [0, 1e6], "What the errors of slopes are multiplied by."),
  },
  check: ({ scales }, height, width) => {
    const most = Math.ceil(Math.log2(Math.min(height, width)));
    return scales <= most
      ? null
      : { name: "scales", expected: `at most ${most}, for depth maps of ${height}×${width}` };
  },
  load: () => import("./scale_invariant.ts").then(({ scaleAndShiftInvariant }) => scaleAndShiftInvariant),
};
