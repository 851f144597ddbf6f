import { type Progress, workOf } from "../../lib/train/listener.ts";
import { assertEquals } from "../std.ts";

/** The positions that a bar has had. */
const recordingBar = (): { readonly positions: readonly number[]; readonly bar: Progress } => {
  const positions: number[] = [];
  return { positions, bar: { update: (done) => positions.push(done), end: () => {} } };
};

Deno.test("the bar of an interrupted ablation counts the steps that were made before, and no others, as done", () => {
  const { positions, bar } = recordingBar();
  // A finished run of 10 steps, one of 10 that was interrupted at its sixth, a new one of 4 steps and 2 samples.
  const work = workOf(bar, 10 + 6);
  const interrupted = work.part("second", 10, 6);
  interrupted.listener.progress("CLIFFNet", 10, 6).update(7, "");
  interrupted.end();
  const anew = work.part("third", 6, 0);
  const training = anew.listener.progress("CLIFFNet", 4);
  training.update(4, "");
  training.end();
  anew.listener.progress("evaluation", 2).update(2, "");
  anew.end();
  assertEquals(positions, [17, 24, 26]);
});
