import { progress, type Telling } from "../progress.ts";

/** A part of the work, such as a run, which tells what it does. */
export interface Part {
  readonly telling: Telling;
  /** What it has said. */
  readonly said: readonly string[];
  readonly end: () => void;
}

/** All that is to be done, shown by one bar. */
export interface Work {
  /** Begins the next part, of this many steps. */
  readonly part: (label: string, size: number) => Part;
  readonly end: () => void;
}

/** Work of so many steps, some of which were done before, told of about once a part where there is no terminal. */
export const workOf = (total: number, before: number, parts: number): Work => {
  const shown = progress("ablation", total, before, Math.max(parts, 10));
  let ended = before;
  return {
    part: (label, size) => {
      const begun = ended;
      let done = begun;
      const said: string[] = [];
      const telling: Telling = {
        say: (line) => said.push(line),
        progress: (name, steps) => {
          const first = done;
          return {
            update: (step, note) => shown.update(first + step, `${label}: ${name} ${note}`),
            end: () => {
              done = first + steps;
            },
          };
        },
      };
      return {
        telling,
        said,
        end: () => {
          ended = begun + size;
        },
      };
    },
    end: () => shown.end(),
  };
};
