/**
 * The phases of a strided convolution along one axis, for the gradient of its input.
 *
 * Output o of a convolution reads, with tap r, input stride · o + r − padding. So the gradient of input h sums over
 * the taps r with the same remainder by the stride as h + padding, the phase of h: with h + padding = stride · u +
 * phase and r = stride · t + phase it is Σₜ dy[u − t] w[stride · t + phase], a convolution of stride 1.
 *
 * A filter with holes, whose stride is 1, has one phase: output o reads with tap r input o + dilation · r − padding, so the
 * gradient is Σₜ dy[u − dilation · t] w[t].
 */
import type { Geometry } from "../kernel_arguments.ts";

/** One phase along one axis; `taps` and `count` are at least 1. */
export interface Phase {
  /** The remainder by the stride: that of the phase's first tap, and of its input coordinates plus the padding. */
  readonly phase: number;
  /** How many taps it has: `phase`, `phase + stride`, … */
  readonly taps: number;
  /** Its first coordinate in the input. */
  readonly first: number;
  /** How many coordinates of the input it has: `first`, `first + stride`, … */
  readonly count: number;
  /** The first coordinate in dy, maybe outside of it, that `first` reads: u − apart · (taps − 1). It reads `taps` of them. */
  readonly begin: number;
  /** How far apart they are: the dilation. */
  readonly apart: number;
}

interface Axis {
  readonly input: number;
  readonly taps: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

const phaseOf = ({ input, taps, stride, padding, dilation }: Axis, phase: number): Phase => {
  const ownTaps = Math.ceil((taps - phase) / stride);
  const u = Math.ceil((padding - phase) / stride);
  const last = Math.floor((input - 1 + padding - phase) / stride);
  return {
    phase,
    taps: ownTaps,
    first: stride * u + phase - padding,
    count: last - u + 1,
    begin: u - dilation * (ownTaps - 1),
    apart: dilation,
  };
};

/**
 * The phases of a convolution's height or width that have taps and pixels; input pixels of no phase have gradient 0.
 */
export const phasesOf = (geometry: Geometry, side: "height" | "width"): readonly Phase[] => {
  const axis: Axis = side === "height"
    ? {
      input: geometry.inHeight,
      taps: geometry.filterHeight,
      stride: geometry.strideHeight,
      padding: geometry.padInfo.top,
      dilation: geometry.dilationHeight,
    }
    : {
      input: geometry.inWidth,
      taps: geometry.filterWidth,
      stride: geometry.strideWidth,
      padding: geometry.padInfo.left,
      dilation: geometry.dilationWidth,
    };
  return Array.from({ length: Math.min(axis.stride, axis.taps) }, (_, phase) => phaseOf(axis, phase))
    .filter((phase) => phase.count > 0);
};

/** The coordinates of dy, from `begin` on, that phases read. */
export const reachOf = (phases: readonly Phase[]): { readonly begin: number; readonly length: number } => {
  const begin = Math.min(...phases.map((phase) => phase.begin));
  const end = Math.max(...phases.map((phase) => phase.begin + phase.count + phase.apart * (phase.taps - 1)));
  return { begin, length: end - begin };
};
