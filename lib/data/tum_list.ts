import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Timed } from "./associate.ts";
import { belowRoot } from "./below_root.ts";
import { type TextLine, textLines } from "./text_lines.ts";

/** One line of `rgb.txt` or `depth.txt`. */
export interface TumFrame extends Timed {
  /** The file's path, relative to the list's folder. */
  readonly path: string;
  /** The line of the list, counted from 1. */
  readonly line: number;
}

const expectedLine = "TIMESTAMP PATH, the timestamp in seconds";

/** No camera takes more frames than this within {@link crowdTime}; a list that does is in another unit than seconds. */
const crowd = 64;
const crowdTime = 40_000;

const frameOf = (name: string) => ({ text, line }: TextLine): Either<Failure, TumFrame> => {
  const where = `${name}, line ${line}`;
  const [stamp = "", path = "", ...more] = text.split(/[\s,]+/);
  // Seconds as a double are off by less than half a microsecond until the year 2242.
  const microseconds = Math.round(Number(stamp) * 1e6);
  if (path === "" || more.length > 0) {
    return E.left(failure("data", where, `${text.split(/[\s,]+/).length} fields`, expectedLine));
  }
  if (!(Number.isSafeInteger(microseconds) && microseconds >= 0)) {
    return E.left(failure("data", where, `the timestamp ${stamp}`, expectedLine));
  }
  return pipe(belowRoot(path, where), E.map(() => ({ microseconds, path, line })));
};

const withoutCrowd = (name: string) => (frames: readonly TumFrame[]): Either<Failure, readonly TumFrame[]> => {
  const sorted = [...frames].sort((a, b) => a.microseconds - b.microseconds);
  const crowded = sorted.find(({ microseconds }, at) =>
    (sorted[at + crowd]?.microseconds ?? Infinity) - microseconds <= crowdTime
  );
  return crowded === undefined ? E.right(frames) : E.left(
    failure("data", `${name}, line ${crowded.line}`, `more than ${crowd} frames within 40 ms`, "timestamps in seconds"),
  );
};

/**
 * The frames of `rgb.txt` or `depth.txt`: lines of `TIMESTAMP PATH`, comments begin with `#`. In the order of the list.
 *
 * Errors: "data", naming the list and the line, for lines that are none, for paths that leave the folder, and for timestamps
 * that cannot be seconds.
 */
export const parseTumList = (name: string, text: string): Either<Failure, readonly TumFrame[]> =>
  pipe(
    textLines(text).filter((line) => !line.text.startsWith("#")).map(frameOf(name)),
    E.sequenceArray,
    E.chain(withoutCrowd(name)),
  );
