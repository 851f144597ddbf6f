import { E } from "../dependencies/fp.ts";
import { describe, type Failure, failure } from "../errors.ts";
import { keyOf } from "../tensor/key.ts";
import type { Split } from "./dataset.ts";
import type { ChangedRead } from "./split.ts";

/** What is done with a sample that cannot be read: the work ends with its failure, or it is left out and counted. */
export type OnUnreadable = "fail" | "skip";

/** Whether a failure is one of a sample's own files, and not of the program or the machine. */
export const isUnreadable = ({ kind }: Failure): boolean => ["file", "missing", "format", "data"].includes(kind);

/**
 * Reads the next sample that can be read where one cannot: what a step gets still depends on nothing but its key.
 *
 * Errors: all but those of unreadable samples; "data" if none of the split can be read.
 *
 * @param size How many samples the split has.
 * @param onSkipped Hears of each sample that was left out, every time.
 */
export const skippingRead =
  (read: ChangedRead, size: number, onSkipped: (index: number, problem: Failure) => void): ChangedRead =>
  (index, key) =>
  async () => {
    for (let tries = 0; tries < size; tries++) {
      const at = (index + tries) % size;
      const result = await read(at, key)();
      if (E.isRight(result) || !isUnreadable(result.left)) return result;
      onSkipped(at, result.left);
    }
    return E.left(
      failure("data", "the training split", `${size} samples that cannot be read`, "at least one that can"),
    );
  };

/** The split in which the next sample that can be read stands for one that cannot, as in {@link skippingRead}. */
export const skippingSplit = (split: Split, onSkipped: (index: number, problem: Failure) => void): Split => {
  const read = skippingRead((index) => split.read(index), split.size, onSkipped);
  return { ...split, read: (index) => read(index, keyOf(0)) };
};

/** What was skipped, and why: all of it, but for a long list. */
export const describeSkipped = (problems: readonly Failure[]): string => {
  const first = problems.slice(0, 20).map((problem) => `  ${describe(problem)}`);
  const more = problems.length > first.length ? [`  and ${problems.length - first.length} more`] : [];
  return [`${problems.length} samples could not be read and were skipped:`, ...first, ...more].join("\n");
};
