/** Tries damaged files on the decoders for a while, and tells of every answer that is none. */
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { describe, type Failure } from "../../lib/errors.ts";
import { foldIn, keyOf } from "../../lib/tensor/key.ts";
import type { Decoded, Format } from "./format.ts";
import { damagedCopy } from "./mutations.ts";

/** How long one file may take, in milliseconds, unless another time is given. */
const usualTime = 2000;

/** How many bytes the values of a file may take, of at most 100 kB. */
const largest = 2 ** 28;

/** By how many bytes the memory of the process may grow for one file. */
const mostGrown = 2 ** 30;

/** An answer of a decoder that is none: what is wrong with it, and how the file is made again. */
export interface Fault {
  /** The number of the file; with the seed and the format it is told. */
  readonly index: number;
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** How a format did. */
export interface Report {
  readonly name: string;
  readonly tried: number;
  readonly decoded: number;
  /** How many of the files were refused in words. */
  readonly refused: number;
  /** The longest time for a file, in milliseconds. */
  readonly slowest: number;
  /** The first faults of each kind. */
  readonly faults: readonly Fault[];
}

/** A damaged file of a format, the same for the same seed and number. */
export const fileOf = (format: Format, sound: readonly Uint8Array[], seed: number, index: number): Uint8Array => {
  const key = foldIn(foldIn(keyOf(seed), format.name), index);
  const bytes = damagedCopy(foldIn(key, "changes"), sound);
  return format.repaired !== undefined && index % 2 === 0 ? format.repaired(bytes) : bytes;
};

/** What no message may hold. */
const commands = /\p{Cc}|\p{Bidi_Control}/u;

const wrongMessage = (problem: Failure, bytes: Uint8Array): string | undefined => {
  const lines = describe(problem).split("\n");
  const long = lines.find((line) => line.length > 500);
  if (long !== undefined) return `a message of ${long.length} letters`;
  if (lines.some((line) => commands.test(line))) return "a message with control characters";
  const word = /\bundefined\b|\[object |\bNaN\b/.exec(problem.where)?.[0];
  // Unless the file has the word itself, as one of its names.
  const isOwn = word === undefined || new TextDecoder().decode(bytes).includes(word);
  return isOwn ? undefined : `a place that is none: ${problem.where}`;
};

const wrongValue = ({ size, numbers }: Decoded): string | undefined => {
  if (size > largest) return `values of ${size} bytes`;
  const all = numbers.flatMap((list) => Array.from(list));
  const strange = all.findIndex((number) => !Number.isFinite(number));
  return strange < 0 ? undefined : `the number ${all[strange]}`;
};

/** What was answered, or what was thrown. */
type Answer = Either<Failure, Decoded> | { readonly _tag: "Thrown"; readonly reason: unknown };

const answerOf = async (format: Format, bytes: Uint8Array, folder: string): Promise<Answer> => {
  try {
    return await format.decode(`damaged.${format.name}`, bytes, folder)();
  } catch (reason) {
    return { _tag: "Thrown", reason };
  }
};

const wrongAnswer = (answer: Answer, bytes: Uint8Array): string | undefined => {
  if (answer._tag === "Thrown") {
    return `thrown: ${answer.reason instanceof Error ? answer.reason.stack : String(answer.reason)}`;
  }
  return E.isLeft(answer) ? wrongMessage(answer.left, bytes) : wrongValue(answer.right);
};

/** What is tried: the time in seconds, or one file alone by its number. */
export interface Budget {
  readonly seconds: number;
  readonly seed: number;
  readonly only?: number | undefined;
  /** How long one file may take, in milliseconds; 2000 unless given. */
  readonly most?: number;
  /** A folder for files that can only be read from a disk. */
  readonly folder: string;
}

/** Tries damaged files of one format until its time is over; `onFile` is told the number of each before it is tried. */
export const fuzz = async (
  format: Format,
  { seconds, seed, only, most = usualTime, folder }: Budget,
  onFile: (index: number) => void = () => {},
): Promise<Report> => {
  const sound = await format.sound();
  const faults = new Map<string, Fault>();
  const counts = { tried: 0, decoded: 0, refused: 0, slowest: 0 };
  const end = performance.now() + 1000 * seconds;
  for (let index = only ?? 0; counts.tried === 0 || (only === undefined && performance.now() < end); index++) {
    onFile(index);
    const bytes = fileOf(format, sound, seed, index);
    const [start, memory] = [performance.now(), Deno.memoryUsage().rss];
    const answer = await answerOf(format, bytes, folder);
    const [time, grown] = [performance.now() - start, Deno.memoryUsage().rss - memory];
    const wrong = wrongAnswer(answer, bytes) ??
      (time > most ? `${Math.round(time)} ms` : grown > mostGrown ? `${grown} bytes of memory` : undefined);
    counts.tried++;
    if (answer._tag === "Right") counts.decoded++;
    if (answer._tag === "Left") counts.refused++;
    counts.slowest = Math.max(counts.slowest, time);
    // One of each kind: the same fault is found by many files.
    const kind = wrong?.replaceAll(/\d+/g, "0").slice(0, 120);
    if (wrong !== undefined && kind !== undefined && !faults.has(kind)) faults.set(kind, { index, what: wrong, bytes });
  }
  return { name: format.name, ...counts, faults: [...faults.values()] };
};
