/// <reference lib="deno.worker" />
/** A worker whose every sample fails by an error that holds what cannot be sent. */
import { answering } from "../../lib/data/workers.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { causedBy, failure } from "../../lib/errors.ts";

const reason = Object.assign(new Error("a torn file"), { cause: () => "a function" });

const problem = causedBy(reason)(failure("format", "frame 3", "a torn file", "a whole one"));

const answer = answering(
  () => TE.right({ read: () => TE.left(problem), close: () => {} }),
  (message) => self.postMessage(message),
);

self.onmessage = ({ data }) => answer(data);
