import { fold, type Key, uniforms } from "../../tensor/key.ts";

/** A number in [low, high), from a key and the name of what is drawn. */
export const between = (
  key: Key,
  name: string | number,
  low: number,
  high: number,
): number => low + (high - low) * uniforms(fold(key, name), 1)[0]!;

/** An integer from low to high, both included. */
export const integer = (
  key: Key,
  name: string | number,
  low: number,
  high: number,
): number => Math.floor(between(key, name, low, high + 1));

/** True with the given probability. */
export const chance = (
  key: Key,
  name: string | number,
  probability: number,
): boolean => between(key, name, 0, 1) < probability;

/** One of the choices, all equally likely; `first` only spares the reader the empty list. */
export const pick = <A>(
  key: Key,
  name: string | number,
  first: A,
  ...others: readonly A[]
): A => {
  const chosen = integer(key, name, 0, others.length);
  return others.reduce((choice, other, at) => at + 1 === chosen ? other : choice, first);
};

/** The numbers 0 … count − 1. */
export const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
