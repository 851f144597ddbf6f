// @ts-types="npm:@types/cli-progress@3.11.6"
import { Presets, SingleBar } from "cli-progress";
import process from "node:process";
import { type Failure, failure, FailureError } from "../lib/errors.ts";
import type { Listener, Progress } from "../lib/train/listener.ts";

/** Why nothing more can be printed; null if something else was thrown. Writing files has words of its own. */
export const outputFailure = (reason: unknown): Failure | null => {
  const code = reason instanceof Error && "code" in reason ? reason.code : undefined;
  if (code !== "ENOSPC" && code !== "EDQUOT" && code !== "EIO") return null;
  return failure("file", "standard output", "no space left where it is written to", "a place for what is printed");
};

/** Prints a line. @throws FailureError if it cannot be: whoever writes a file meanwhile must not take it for that file's. */
const print = (line: string): void => {
  try {
    console.log(line);
  } catch (reason) {
    const problem = outputFailure(reason);
    throw problem === null ? reason : new FailureError(problem);
  }
};

const clock = (seconds: number): string => {
  const whole = Math.max(Math.round(seconds), 0);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

/** The time that the rest takes at the pace of what was done here, `from` having been done before. */
const timeLeft = (started: number, from: number, done: number, total: number): string =>
  done > from ? clock((performance.now() - started) / 1000 / (done - from) * (total - done)) : "?";

const bar = (label: string, total: number, from: number): Progress => {
  const drawn = new SingleBar({
    stream: process.stdout,
    format: `${label.padEnd(10)} {bar} {percentage}% | {value}/{total} | {note} | {left} left`,
    hideCursor: true,
    // Signals are main's.
    gracefulExit: false,
    barsize: 30,
  }, Presets.shades_classic);
  const started = performance.now();
  drawn.start(total, from, { note: "starting", left: "?" });
  return {
    update: (done, note) => drawn.update(done, { note, left: timeLeft(started, from, done, total) }),
    end: () => drawn.stop(),
  };
};

const lines = (label: string, total: number, from: number, count: number): Progress => {
  const started = performance.now();
  const every = Math.max(Math.ceil(total / count), 1);
  let printed = Math.floor(from / every);
  return {
    update: (done, note) => {
      if (Math.floor(done / every) === printed && done !== total) return;
      printed = Math.floor(done / every);
      print(`${label}: ${done}/${total}, ${note}, ${timeLeft(started, from, done, total)} left`);
    },
    end: () => {},
  };
};

/**
 * A bar with the remaining time if stdout is a terminal, else plain lines, `count` for the whole; `from` of the total was
 * done before.
 */
export const progress = (label: string, total: number, from = 0, count = 10): Progress =>
  Deno.stdout.isTerminal() && total > 0 ? bar(label, total, from) : lines(label, total, from, count);

/** Prints what a task does: a bar for each part of the work, and lines. */
export const terminal: Listener = { progress, message: print };
