import { E, type TaskEither } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";

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
