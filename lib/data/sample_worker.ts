/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The program of a worker: opens a data set, then answers jobs one after the other. It imports nothing that computes on
 * tensors, so that it starts in a moment.
 */
import { answering, localServer, type Request } from "./workers.ts";

// Samples are copied, not transferred: the worker keeps what it may be asked for again.
const answer = answering(localServer, (message) => self.postMessage(message));

self.onmessage = ({ data: request }: MessageEvent<Request>) => answer(request);
