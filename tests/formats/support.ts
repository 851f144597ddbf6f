import fc from "fast-check";
import type { Either } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";
import { assert } from "../std.ts";

export const rightOf = <A>(result: Either<Failure, A>): A => {
  if (result._tag === "Left") throw new Error(`expected a Right, got ${JSON.stringify(result.left)}`);
  return result.right;
};

export const leftOf = <A>(result: Either<Failure, A>): Failure => {
  if (result._tag === "Right") throw new Error("expected a Left");
  return result.left;
};

/** A decoder's answer to arbitrary bytes: a value, or a failure of the format that names the file. */
export const assertTagged = <A>(result: Either<Failure, A>, name: string): void => {
  if (result._tag === "Right") return;
  assert(result.left.kind === "format", result.left.kind);
  assert(result.left.where.startsWith(name), result.left.where);
};

export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export const concatenate = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));

/** Copies of the bytes with a few of them changed, some cut out, or the end cut off. */
export const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const place = fc.nat({ max: bytes.length - 1 });
  const edits = fc.array(fc.tuple(place, fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 });
  const changed = edits.map((list) => {
    const copy = bytes.slice();
    for (const [at, difference] of list) copy[at] = (copy[at] ?? 0) ^ difference;
    return copy;
  });
  const cutOff = place.map((end) => bytes.slice(0, end));
  const cutOut = fc.tuple(place, fc.integer({ min: 1, max: 40 })).map(([start, length]) =>
    concatenate(bytes.subarray(0, start), bytes.subarray(start + length))
  );
  return fc.oneof(changed, changed, cutOff, cutOut);
};
