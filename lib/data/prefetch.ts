import type { TaskEither } from "../dependencies/fp.ts";

/**
 * The same steps, begun ahead of time: when a step is asked for, the `ahead` steps after it are begun as well, so that they
 * are ready when their turn comes. Steps are to be asked for in order, each once; those from `end` on are not begun.
 */
export const prefetch = <Left, Right>(
  at: (step: number) => TaskEither<Left, Right>,
  ahead: number,
  end: number,
): (step: number) => TaskEither<Left, Right> => {
  const begun = new Map<number, ReturnType<TaskEither<Left, Right>>>();
  const begin = (step: number): ReturnType<TaskEither<Left, Right>> => {
    const known = begun.get(step);
    if (known !== undefined) return known;
    const fresh = at(step)();
    begun.set(step, fresh);
    return fresh;
  };
  return (step) => () => {
    const wanted = begin(step);
    begun.delete(step);
    for (let next = step + 1; next <= step + ahead && next < end; next++) begin(next);
    return wanted;
  };
};
