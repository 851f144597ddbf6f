/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The program of a worker: opens a data set, then answers jobs one after the other. It imports nothing that computes on
 * tensors, so that it starts in a moment.
 */
import { pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import type { DataConfiguration } from "./fields.ts";
import type { Purpose } from "./layout.ts";
import { answering, localServer, type Request, type SampleServer } from "./workers.ts";

/** The data are open in another thread already: whoever opened them there has named their module. */
const server = (data: DataConfiguration, memory: number, purpose?: Purpose): TaskEither<Failure, SampleServer> =>
  data.kind !== "module" ? localServer(data, memory, purpose) : async () => {
    const { loadDataModule } = await import("./data_module.ts");
    return await pipe(loadDataModule(data.file), TE.chain((own) => localServer(data, memory, purpose, own)))();
  };

// Samples are copied, not transferred: the worker keeps what it may be asked for again.
const answer = answering(server, (message) => self.postMessage(message));

self.onmessage = ({ data: request }: MessageEvent<Request>) => answer(request);
