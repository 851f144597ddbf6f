/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/** The program of a worker that tries one format: so a decoder that never answers can be ended from outside. */
import { formats } from "./formats.ts";
import { fuzz } from "./fuzz.ts";
import type { Watched } from "./watched.ts";

self.onmessage = async ({ data: { name, budget, current } }: MessageEvent<Watched>) => {
  const format = formats.find((each) => each.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  self.postMessage(await fuzz(format, budget, (index) => Atomics.store(current, 0, index)));
};
