// @ts-types="npm:@types/cli-progress@3.11.6"
import { Presets, SingleBar } from "cli-progress";
import process from "node:process";

/** Shows how far a long piece of work is. */
export interface Progress {
  /** `done` of the total, and a word on it, such as the loss. */
  readonly update: (done: number, note: string) => void;
  readonly end: () => void;
}

const clock = (seconds: number): string => {
  const whole = Math.max(Math.round(seconds), 0);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

const bar = (label: string, total: number): Progress => {
  const shown = new SingleBar({
    stream: process.stdout,
    format: `${label.padEnd(10)} {bar} {percentage}% | {value}/{total} | {note} | {left} left`,
    hideCursor: true,
    barsize: 30,
  }, Presets.shades_classic);
  const started = performance.now();
  shown.start(total, 0, { note: "starting", left: "?" });
  return {
    update: (done, note) => {
      const left = (performance.now() - started) / 1000 / done * (total - done);
      shown.update(done, { note, left: clock(left) });
    },
    end: () => shown.stop(),
  };
};

const lines = (label: string, total: number): Progress => {
  const started = performance.now();
  const every = Math.max(Math.ceil(total / 10), 1);
  return {
    update: (done, note) => {
      if (done % every !== 0 && done !== total) return;
      const left = (performance.now() - started) / 1000 / done * (total - done);
      console.log(`${label}: ${done}/${total}, ${note}, ${clock(left)} left`);
    },
    end: () => {},
  };
};

/** A bar with the remaining time if stdout is a terminal, else plain lines. */
export const progress = (label: string, total: number): Progress =>
  Deno.stdout.isTerminal() && total > 0 ? bar(label, total) : lines(label, total);
