/**
 * The phases of a strided convolution along one axis, for the gradient of its input.
 *
 * Output o of a convolution reads, with tap r, input stride · o + r − padding. So the gradient of input h sums over
 * the taps r with the same remainder by the stride as h + padding, the phase of h: with h + padding = stride · u +
 * phase and r = stride · t + phase it is Σₜ dy[u − t] w[stride · t + phase], a convolution of stride 1.
 */
import type { tf } from "../../dependencies/tensorflow.ts";

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
  /** Zeros to put before dy, so that the convolution begins at `first`, or at the nearest place before it. */
  readonly before: number;
  /** Zeros to put after dy. */
  readonly after: number;
  /** Results of the convolution before that of `first`. */
  readonly skip: number;
  /** Results of the convolution after that of the last coordinate. */
  readonly excess: number;
}

interface Axis {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly stride: number;
  readonly padding: number;
}

const phaseOf = (axis: Axis, phase: number): Phase => {
  const { input, output, stride, padding } = axis;
  const taps = Math.ceil((axis.taps - phase) / stride);
  const begin = Math.ceil((padding - phase) / stride);
  const end = Math.floor((input - 1 + padding - phase) / stride);
  const before = Math.max(0, taps - 1 - begin);
  const after = Math.max(0, end - (output - 1));
  const skip = before - (taps - 1) + begin;
  const count = end - begin + 1;
  const excess = output + before + after - taps + 1 - skip - count;
  const first = stride * begin + phase - padding;
  return { phase, taps, first, count, before, after, skip, excess };
};

/**
 * The phases of a convolution's height or width that have taps and pixels; input pixels of no phase have gradient 0.
 */
export const phasesOf = (
  geometry: tf.backend_util.Conv2DInfo,
  side: "height" | "width",
): readonly Phase[] => {
  const axis: Axis = side === "height"
    ? {
      input: geometry.inHeight,
      output: geometry.outHeight,
      taps: geometry.filterHeight,
      stride: geometry.strideHeight,
      padding: geometry.padInfo.top,
    }
    : {
      input: geometry.inWidth,
      output: geometry.outWidth,
      taps: geometry.filterWidth,
      stride: geometry.strideWidth,
      padding: geometry.padInfo.left,
    };
  return Array.from(
    { length: Math.min(axis.stride, axis.taps) },
    (_, phase) => phaseOf(axis, phase),
  ).filter((phase) => phase.count > 0);
};
