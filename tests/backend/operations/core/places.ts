/** Arrays of float64 of any rank, for the references of TensorFlow.js's own operations. */
import { sizeOf } from "../../support.ts";
import type { Numbers } from "../numbers.ts";

/** Where a number stands, an index for each dimension. */
export type Place = readonly number[];

/** The place of the number at an offset, row-major. */
export const placeAt = (shape: Place, offset: number): Place =>
  shape.map((size, axis) => Math.floor(offset / sizeOf(shape.slice(axis + 1))) % size);

/** The offset of a place, or NaN outside of the shape. */
export const offsetOf = (shape: Place, place: Place): number =>
  shape.reduce((offset, size, axis) => {
    const index = place[axis] ?? NaN;
    return index >= 0 && index < size ? offset * size + index : NaN;
  }, 0);

/** The number at a place; NaN outside of the tensor. */
export const valueAt = ({ shape, values }: Numbers, place: Place): number => values[offsetOf(shape, place)] ?? NaN;

/** A tensor from the number at each place. */
export const fillPlaces = (shape: Place, of: (place: Place) => number): Numbers => ({
  shape,
  values: Float64Array.from({ length: sizeOf(shape) }, (_, offset) => of(placeAt(shape, offset))),
});

/** All places of a shape. */
export const placesOf = (shape: Place): readonly Place[] =>
  Array.from({ length: sizeOf(shape) }, (_, offset) => placeAt(shape, offset));

/** A number from those along some dimensions, at each place of the others; the dimensions stay as ones if asked. */
export const reduceAlong = (
  x: Numbers,
  axes: readonly number[],
  of: (values: readonly number[]) => number,
  keep = false,
): Numbers => {
  const window = x.shape.map((size, axis) => axes.includes(axis) ? size : 1);
  const kept = x.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
  const steps = placesOf(window);
  const all = fillPlaces(
    kept,
    (place) => of(steps.map((step) => valueAt(x, place.map((at, k) => at + (step[k] ?? 0))))),
  );
  return keep ? all : { ...all, shape: x.shape.filter((_, axis) => !axes.includes(axis)) };
};

/** Each row of numbers along a dimension, put in its place changed. */
export const changeAlong = (
  x: Numbers,
  axis: number,
  change: (values: readonly number[]) => readonly number[],
): Numbers => {
  const size = x.shape[axis] ?? NaN;
  return fillPlaces(x.shape, (place) => {
    const row = Array.from({ length: size }, (_, k) => valueAt(x, place.with(axis, k)));
    return change(row)[place[axis] ?? NaN] ?? NaN;
  });
};

/** Σ of numbers. */
export const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
