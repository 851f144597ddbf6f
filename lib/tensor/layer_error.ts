/** Where something was thrown in a network or a loss: the path of the layer, the operation, and the shapes that it was given. */
import { FailureError, reasonText } from "../errors.ts";

/**
 * Shapes of a value made of tensors, lists and records, in the order in which they stand. Tensors are told by their fields: who
 * only tells of errors loads no TensorFlow.js.
 */
const shapesOf = (value: unknown): readonly string[] => {
  const { shape, dtype, dataId }: Readonly<Record<string, unknown>> = Object(value);
  if (Array.isArray(shape) && dtype !== undefined && dataId !== undefined) return [`[${shape.join(", ")}]`];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(shapesOf);
};

/** The function of TensorFlow.js that threw, by the frames of a stack: `add_` or `conv2d__op` are named so there. */
const operationIn = (stack: string): string | null =>
  /\bat (?:[\w.]+\.)?([A-Za-z]\w*?)_(?:_op)? \(\S*tfjs/.exec(stack)?.[1] ?? null;

/** What was thrown, with the operation of TensorFlow.js that threw it where its message does not say it. */
export const describeThrown = (reason: unknown): string => {
  const text = reasonText(reason);
  const operation = reason instanceof Error ? operationIn(reason.stack ?? "") : null;
  return operation === null || text.includes(operation) ? text : `${operation}: ${text}`;
};

/** What was thrown in a layer or a loss, with its path. Its stack is that of what was thrown, which is its cause.
 * @category Tensors */
export class LayerError extends Error {
  /** The path of the layer, as its parameters have it in checkpoints, such as `backbone/stage2/block0/conv1`. */
  readonly path: string;
  /** The shapes of its input, as text; "" for none. */
  readonly shapes: string;
  /** An error at a path, of an input of these shapes. */
  constructor(path: string, shapes: string, cause: unknown) {
    const input = shapes === "" ? "" : `, given ${shapes}`;
    super(`${path}${input}: ${describeThrown(cause)}`, { cause });
    this.name = "LayerError";
    this.path = path;
    this.shapes = shapes;
    const frames = cause instanceof Error ? /\n\s+at [\s\S]*$/.exec(cause.stack ?? "")?.[0] : undefined;
    if (frames !== undefined) this.stack = `${this.name}: ${this.message}${frames}`;
  }
}

/** What was thrown, one part of its path farther out. */
const outward = (name: string, input: unknown, reason: unknown): unknown => {
  if (reason instanceof FailureError) return reason;
  if (reason instanceof LayerError) return new LayerError(`${name}/${reason.path}`, reason.shapes, reason.cause);
  const shapes = shapesOf(input);
  const more = shapes.length > 6 ? `, and ${shapes.length - 6} more` : "";
  return new LayerError(name, `${shapes.slice(0, 6).join(", ")}${more}`, reason);
};

/**
 * What `run` gives, which computes a part of this name from an input. @throws LayerError with the path below this part, and
 * a failure, which says itself where it happened, as it is.
 */
export const within = <A>(name: string, input: unknown, run: () => A): A => {
  try {
    return run();
  } catch (reason) {
    throw outward(name, input, reason);
  }
};

/** What was thrown first: the cause of a {@link LayerError}, anything else itself. */
export const causeOf = (reason: unknown): unknown => reason instanceof LayerError ? reason.cause : reason;
