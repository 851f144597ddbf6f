/**
 * Winograd's way to convolve with filters of 3×3 at stride 1, F(2×2, 3×3): four output pixels from a tile of 4×4 input
 * pixels with 16 multiplications a channel instead of 36. With the matrices here, y = O ((F w Fᵀ) ⊙ (I x Iᵀ)) Oᵀ, where
 * the products ⊙ are summed over channels: 16 products of matrices, [tiles × channels] · [channels × channels].
 *
 * Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016. The error of rounding is some 1.5 times
 * that of sums of nine times as many products; of their F(4×4, 3×3), which multiplies less, it is twenty times.
 */
import type { Geometry } from "./kernel_arguments.ts";

/** Rows of a matrix of this file's, at least one. */
export type Matrix = readonly [readonly number[], ...(readonly number[])[]];

/** Pixels along one side of a tile that is read. */
export const readSide = 4;

/** Pixels along one side of a tile that is made. */
export const madeSide = 2;

/** Numbers of a tile that is read, each of which is one place in one of as many products of matrices. */
export const tilePlaces: number = readSide * readSide;

/** I: a tile of the input. */
export const inputMatrix: Matrix = [
  [1, 0, -1, 0],
  [0, 1, 1, 0],
  [0, -1, 1, 0],
  [0, 1, 0, -1],
];

/** F: the filter. */
export const filterMatrix: Matrix = [
  [1, 0, 0],
  [0.5, 0.5, 0.5],
  [0.5, -0.5, 0.5],
  [0, 0, 1],
];

/** O: the sums. */
export const outputMatrix: Matrix = [
  [1, 1, 1, 0],
  [0, 1, -1, -1],
];

/** Tiles of images. */
export interface TileGrid {
  readonly batch: number;
  /** Tiles from top to bottom and from left to right; the last ones may reach beyond the images. */
  readonly down: number;
  readonly across: number;
}

/** The tiles of images of this size. */
export const tileGrid = (batch: number, height: number, width: number): TileGrid => ({
  batch,
  down: Math.ceil(height / madeSide),
  across: Math.ceil(width / madeSide),
});

/** A convolution, or the gradient of its input. */
export interface WinogradSize {
  /** Height and width of the filter. */
  readonly taps: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Pixels that are made, of all images. */
  readonly pixels: number;
  /** Channels that are summed over. */
  readonly summed: number;
  /** Channels that are made. */
  readonly made: number;
}

/** What reading or writing a number costs, in multiplications (measured where processors compute; with a margin). */
const costOfNumber = 30;

/**
 * Whether the multiplications that are saved are worth the numbers that are read and written in addition. Channels are
 * taken by eights.
 *
 * @param cost Of reading or writing a number, in multiplications.
 */
export const winogradPays = (
  { taps, stride, pixels, summed, made }: WinogradSize,
  cost: number = costOfNumber,
): boolean => {
  const applies = taps.every((size) => size === 3) && stride.every((step) => step === 1) &&
    summed % 8 === 0 && made % 8 === 0;
  const saved = 5 * pixels * summed * made;
  const moved = pixels * (8 * summed + 5 * made) + 25 * summed * made;
  return applies && saved > cost * moved;
};

/**
 * Whether Winograd's way pays for a convolution, or for the gradient of its input, of this geometry.
 *
 * @param cost Of reading or writing a number, in multiplications.
 */
export const winogradPaysFor = (geometry: Geometry, direction: "forward" | "gradient", cost?: number): boolean => {
  const { batchSize, inChannels, inHeight, inWidth, outChannels, outHeight, outWidth } = geometry;
  const taps = [geometry.filterHeight, geometry.filterWidth] as const;
  const stride = [geometry.strideHeight, geometry.strideWidth] as const;
  if (geometry.dilationHeight !== 1 || geometry.dilationWidth !== 1) return false;
  const size = direction === "forward"
    ? { taps, stride, pixels: batchSize * outHeight * outWidth, summed: inChannels, made: outChannels }
    : { taps, stride, pixels: batchSize * inHeight * inWidth, summed: outChannels, made: inChannels };
  return winogradPays(size, cost);
};

/** One term of a row of a matrix times a column: how many times which element. */
export interface WinogradTerm {
  readonly times: number;
  readonly element: number;
}

/** The terms of one row of a matrix times a column, the largest first: every row here has a positive number. */
export const termsOf = (row: readonly number[]): readonly WinogradTerm[] =>
  row.map((times, element) => ({ times, element })).filter(({ times }) => times !== 0)
    .toSorted((a, b) => b.times - a.times);
