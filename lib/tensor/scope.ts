import { E, type TaskEither } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import type { Failure } from "../errors.ts";
import type { Tensor } from "./features.ts";

/** Every tensor in a value made of tensors, arrays and plain records. */
const tensorsIn = (value: unknown): Tensor[] => {
  if (value instanceof tf.Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  const plain = typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
  return plain ? Object.values(value).flatMap(tensorsIn) : [];
};

/**
 * Runs `run` and frees every tensor that was made inside, but for those in what it returns (in arrays and plain records,
 * at any depth). The caller owns what is returned. `run` is synchronous.
 * @category Tensors
 */
export const scope = <T>(run: () => T): T => {
  const engine = tf.engine();
  engine.startScope();
  let kept: Tensor[] = [];
  try {
    const result = run();
    kept = tensorsIn(result);
    return result;
  } finally {
    engine.endScope(kept);
  }
};

/** Moves a tensor that was kept out of the scopes' reach by `tf.keep` into the current scope. */
export const release = (kept: Tensor): Tensor => {
  const owned = kept.clone();
  kept.dispose();
  return owned;
};

/** Makes one thing after the other; if one cannot be made, those before it are freed. */
export const makeAll = <A>(
  makers: readonly TaskEither<Failure, A>[],
  free: (made: A) => void,
): TaskEither<Failure, readonly A[]> =>
async () => {
  const made: A[] = [];
  for (const make of makers) {
    const next = await make();
    if (E.isLeft(next)) {
      made.forEach(free);
      return next;
    }
    made.push(next.right);
  }
  return E.right(made);
};
