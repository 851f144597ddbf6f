/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The program of a worker: opens a data set, then answers jobs one after the other. It imports nothing that computes on
 * tensors, so that it starts in a moment.
 */
import { E, type TaskEither, TE } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { Answer, Request, SampleServer } from "./job.ts";
import { localServer } from "./local_server.ts";

const unopened: TaskEither<Failure, SampleServer> = TE.left(
  failure("worker", "a worker", "a job", "a data set before it"),
);

const answering = (server: TaskEither<Failure, SampleServer>): void => {
  self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
    if (request.kind === "open") {
      const opened = localServer(request.data, request.memory)();
      answering(() => opened);
      return;
    }
    const ready = await server();
    const result = E.isLeft(ready) ? ready : await ready.right.read(request.job)();
    // Copied, not transferred: the worker keeps what it may be asked for again.
    const answer: Answer = { id: request.id, result };
    self.postMessage(answer);
  };
};

answering(unopened);
