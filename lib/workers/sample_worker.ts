/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The program of a worker: opens a data set, then answers jobs one after the other. It imports nothing that computes on
 * tensors, so that it starts in a moment.
 */
import { E, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Answer, Job, Request, SampleServer } from "./job.ts";
import { localServer } from "./local_server.ts";

const unopened: TaskEither<Failure, SampleServer> = TE.left(
  failure("worker", "a worker", "a job", "a data set before it"),
);

const answer = async (server: TaskEither<Failure, SampleServer>, id: number, job: Job): Promise<void> => {
  const ready = await server();
  const result = E.isLeft(ready) ? ready : await ready.right.read(job)();
  // Copied, not transferred: the worker keeps what it may be asked for again.
  const message: Answer = { id, result };
  self.postMessage(message);
};

/** Answers jobs one after the other, as together they would only fill the memory; `busy` ends when the last is answered. */
const answering = (server: TaskEither<Failure, SampleServer>, busy: Promise<void>): void => {
  self.onmessage = ({ data: request }: MessageEvent<Request>) => {
    if (request.kind === "open") {
      const opened = localServer(request.data, request.memory)();
      answering(() => opened, busy);
    } else {
      answering(server, busy.then(() => answer(server, request.id, request.job)));
    }
  };
};

answering(unopened, Promise.resolve());
