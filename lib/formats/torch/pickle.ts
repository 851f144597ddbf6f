import { type Failure, failure, FailureError } from "../../errors.ts";
import { E, type Either } from "../../dependencies/fp.ts";
import { operationAt } from "./pickle_opcodes.ts";
import { startMachine } from "./pickle_machine.ts";
import { step } from "./pickle_steps.ts";
import type { PicklePersistent, PickleValue } from "./pickle_values.ts";

/** The longest pickle, in bytes, that is read: with 200 bytes a tensor, that of more than 300 000 tensors. */
export const maximumPickle: number = 2 ** 26;

/** The most steps that a pickle may have. PyTorch writes about 40 for a tensor. */
const maximumSteps = 2 ** 20;

/** What was read of a pickle. */
export interface Pickle {
  /** The object that was pickled. */
  readonly value: PickleValue;
  /** Every reference to something outside, in the pickle's order. */
  readonly references: readonly PicklePersistent[];
  /** The byte after the pickle. */
  readonly end: number;
}

const unreadable = (place: string, at: number, problem: "unknown" | "cut off"): Failure =>
  failure(
    "format",
    place,
    problem === "unknown" ? `what is no step of a pickle at byte ${at}` : "a pickle that ends in the middle",
    "a whole pickle",
    "The file is damaged or truncated; copy or download it again.",
  );

const run = (place: string, bytes: Uint8Array, start: number): Pickle => {
  const machine = startMachine(place, bytes);
  for (let at = start, steps = 0; steps < maximumSteps; steps++) {
    const operation = operationAt(bytes, at);
    if (typeof operation === "string") throw new FailureError(unreadable(place, at, operation));
    at = operation.end;
    if (operation.name === "STOP") return { value: machine.pop(), references: machine.references, end: at };
    step(machine, operation);
  }
  return machine.refuse("a pickle of too many steps", `at most ${maximumSteps}`);
};

/**
 * Reads one pickle, of protocols 0 to 5, that starts at byte `start`, as data. It runs nothing and knows no class: what
 * a pickle may name is listed, and anything else is refused by name. Time and memory stay in proportion to the bytes,
 * whatever lengths they declare. Left with kind `format`; `place` names the file in the message.
 */
export const readPickle = (place: string, bytes: Uint8Array, start: number): Either<Failure, Pickle> => {
  try {
    return E.right(run(place, bytes, start));
  } catch (reason) {
    if (reason instanceof FailureError) return E.left(reason.failure);
    throw reason;
  }
};
