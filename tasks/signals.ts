/** Ctrl-C and the like end a task cleanly: its work is told to stop, and has a second to reach the end of its step. */

/** The signals that end a task, and the exit statuses that shells expect after them. */
const statuses: ReadonlyMap<Deno.Signal, number> = new Map(
  // Windows knows no SIGTERM.
  Deno.build.os === "windows" ? [["SIGINT", 130]] : [["SIGINT", 130], ["SIGTERM", 143]],
);

/** How many milliseconds the work has to stop by itself; a signal of one kind counts once in that time, for `deno task` repeats it. */
const patience = 1000;

/** What ended a task. */
export interface Stop {
  /** The name of the signal. */
  readonly signal: Deno.Signal;
  /** The exit status that tells of it. */
  readonly status: number;
}

/** Ends the process although its work does not: what it had half written is removed by the next run. */
const leave = ({ signal, status }: Stop): void => {
  // A bar of progress has hidden the cursor.
  if (Deno.stdout.isTerminal()) console.log("\x1b[?25h");
  console.error(`stopped by ${signal}; files that are whole are kept.`);
  Deno.exit(status);
};

/**
 * Does work that signals stop: the abort signal tells it to, with the name of what came as its reason. Work that goes on for
 * a second nevertheless, or is told again after a second, ends with the process.
 */
export const withSignals = async <A>(
  work: (signal: AbortSignal) => Promise<A>,
): Promise<readonly [result: A, stop: Stop | undefined]> => {
  const controller = new AbortController();
  const stops: { readonly stop: Stop; readonly at: number; readonly timer: ReturnType<typeof setTimeout> }[] = [];
  const onStop = (stop: Stop): void => {
    const [first] = stops;
    if (first === undefined) {
      stops.push({ stop, at: performance.now(), timer: setTimeout(leave, patience, stop) });
      controller.abort(stop.signal);
    } else if (first.stop.signal !== stop.signal || performance.now() - first.at > patience) leave(stop);
  };
  const listeners = [...statuses].map(([signal, status]) => [signal, () => onStop({ signal, status })] as const);
  listeners.forEach(([signal, listener]) => Deno.addSignalListener(signal, listener));
  try {
    return [await work(controller.signal), stops[0]?.stop];
  } finally {
    listeners.forEach(([signal, listener]) => Deno.removeSignalListener(signal, listener));
    stops.forEach(({ timer }) => clearTimeout(timer));
  }
};
