import type { Listener, Progress } from "../../train/listener.ts";

/** A part of the work, such as a run, which tells what it does. */
export interface WorkPart {
  readonly listener: Listener;
  /** Its messages so far. */
  readonly messages: readonly string[];
  readonly end: () => void;
}

/** All that is to be done, shown by one bar. */
export interface Work {
  /** Begins the next part, of this many steps, the first of which were made before. */
  readonly part: (label: string, size: number, made: number) => WorkPart;
}

/** Work shown by one bar, which stands where `before` of its steps are done, those of parts that were begun among them. */
export const workOf = (bar: Progress, before: number): Work => {
  let ended = before;
  return {
    part: (label, size, made) => {
      const begun = ended - made;
      let done = begun;
      const messages: string[] = [];
      const listener: Listener = {
        message: (line) => messages.push(line),
        progress: (name, steps) => {
          const first = done;
          return {
            update: (step, note) => bar.update(first + step, `${label}: ${name} ${note}`),
            end: () => {
              done = first + steps;
            },
          };
        },
      };
      return {
        listener,
        messages,
        end: () => {
          ended = begun + size;
        },
      };
    },
  };
};
