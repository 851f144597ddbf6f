import type { TaskEither } from "../dependencies/fp.ts";

/**
 * The same steps, begun ahead of time: when a step is asked for, the `ahead` steps after it are begun as well, so that they
 * are ready when their turn comes. Steps are to be asked for in order, each once; those from `end` on are not begun. What
 * goes wrong in a step, and be it a bug that throws, comes to whoever asks for that step, and to nobody before.
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
    const fresh = Promise.try(() => at(step)());
    // Nobody may be waiting yet where it rejects, which would end the program; who asks for it gets the rejection still.
    fresh.catch(() => {});
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
