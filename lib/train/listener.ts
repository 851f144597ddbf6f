import { type Failure, failure, FailureError, reasonText } from "../errors.ts";

/** Shows how far a long piece of work is.
 * @category Training */
export interface Progress {
  /** `done` of the total, and a word on it, such as the loss. */
  readonly update: (done: number, note: string) => void;
  /** The work has ended, well or not. */
  readonly end: () => void;
}

/** Whom a long piece of work tells how it is doing. The library itself prints nothing.
 * @category Training */
export interface Listener {
  /** Something worth knowing, as a line of text. */
  readonly message: (line: string) => void;
  /**
   * A part of the work begins: its label, how many steps it has, how many of them were made before (0 by default), and how
   * many lines it is worth where no bar can be drawn.
   */
  readonly progress: (label: string, total: number, from?: number, lines?: number) => Progress;
}

/** Does work that shows how far it is. What shows it ends with the work, however that ends.
 * @category Training */
export const withProgress = <A>(progress: Progress, work: (update: Progress["update"]) => Promise<A>): Promise<A> =>
  work(progress.update).finally(progress.end);

/** The listener that ignores everything.
 * @category Training */
export const silent: Listener = { message: () => {}, progress: () => ({ update: () => {}, end: () => {} }) };

const interrupted = (reason: unknown): Failure =>
  failure("interrupted", "this run", `a signal to stop: ${reasonText(reason)}`, "its end");

/**
 * A listener of work that can be stopped: when the signal is aborted, the work ends at the end of the step that it is in, by
 * a {@link FailureError} of kind "interrupted" that is thrown where the step is told of. What is half made is cleared away
 * as after any failure.
 * @category Training
 */
export const stoppable = (listener: Listener, signal: AbortSignal): Listener => ({
  message: listener.message,
  progress: (...part) => {
    const { update, end } = listener.progress(...part);
    return {
      update: (done, note) => {
        if (signal.aborted) throw new FailureError(interrupted(signal.reason));
        update(done, note);
      },
      end,
    };
  },
});

/** How many milliseconds timers and signals may be held up. */
const longest = 100;

/**
 * What a loop waits for in each turn, so that timers and signals come through: one that waits for nothing but promises holds
 * them up to its end. Costs a millisecond or two every 100.
 */
export const lettingThrough = (): () => Promise<void> => {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < longest) return;
    await new Promise((resolve) => setTimeout(resolve));
    last = performance.now();
  };
};

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
