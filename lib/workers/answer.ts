import type { DataConfiguration } from "../data/fields.ts";
import { E, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import type { Answer, Request, SampleServer } from "./job.ts";

const unopened: TaskEither<Failure, SampleServer> = TE.left(
  failure("worker", "a worker", "a job", "a data set before it"),
);

const isCloneable = (value: unknown): boolean => {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
};

/**
 * A failure as one thread can send it to another. A cause that cannot be copied, such as an error that holds a function,
 * becomes an Error with its message and stack, or a text.
 */
export const sendable = (problem: Failure): Failure => {
  const { cause } = problem;
  if (cause === undefined || isCloneable(cause)) return problem;
  const text = reasonText(cause);
  return { ...problem, cause: cause instanceof Error ? Object.assign(new Error(text), { stack: cause.stack }) : text };
};

const answerOf = async (
  server: TaskEither<Failure, SampleServer>,
  { id, job }: Extract<Request, { readonly kind: "read" }>,
): Promise<Answer> => {
  const ready = await server();
  const result = E.isLeft(ready) ? ready : await ready.right.read(job)();
  return { id, result: E.isLeft(result) ? E.left(sendable(result.left)) : result };
};

/**
 * What a worker does with a request: it opens a data set, or reads a sample and posts the answer. Jobs are answered one
 * after the other, as together they would only fill the memory; what is given back ends when the last is answered.
 */
export const answering = (
  open: (data: DataConfiguration, memory: number) => TaskEither<Failure, SampleServer>,
  post: (answer: Answer) => void,
): (request: Request) => Promise<void> => {
  let server = unopened;
  let busy = Promise.resolve();
  return (request) => {
    if (request.kind === "open") {
      const opened = open(request.data, request.memory)();
      server = () => opened;
    } else {
      const current = server;
      busy = busy.then(async () => post(await answerOf(current, request)));
    }
    return busy;
  };
};
