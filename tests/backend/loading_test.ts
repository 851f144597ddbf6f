/** What is not needed is not loaded: a backend brings its own kernels and TensorFlow.js's, and not those of the other. */
import { openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import { assertEquals } from "../std.ts";

const isBackend = (name: string): boolean => tf.findBackendFactory(name) !== null;

Deno.test("a backend is loaded when it is opened, and no other", async () => {
  assertEquals([isBackend("wasm"), isBackend("webgpu")], [false, false]);
  orThrow(await openDevice("wasm")());
  assertEquals([isBackend("wasm"), isBackend("webgpu")], [true, false]);
  assertEquals(tf.getKernelsForBackend("webgpu"), []);
});

/** The modules of this library that one imports when it is loaded, itself among them. */
const modulesBehind = async (url: URL, known = new Set<string>()): Promise<ReadonlySet<string>> => {
  if (known.has(url.href)) return known;
  known.add(url.href);
  const text = await Deno.readTextFile(url);
  for (const [, specifier = ""] of text.matchAll(/^(?:import|export)\b[^;]*?"(\.[^"]+\.ts)"/gm)) {
    await modulesBehind(new URL(specifier, url), known);
  }
  return known;
};

const isOfWasm = (href: string): boolean => /\/(dependencies\/wasm\.ts|backend\/.*wasm)/.test(href);
const isOfWebGpu = (href: string): boolean => /\/(dependencies\/webgpu\.ts|backend\/.*webgpu)/.test(href);

Deno.test("no module of one backend imports one of the other", async () => {
  const wasm = [...await modulesBehind(new URL("../../lib/backend/wasm/open.ts", import.meta.url))];
  assertEquals([wasm.some(isOfWasm), wasm.filter(isOfWebGpu)], [true, []]);
  const webGpu = [...await modulesBehind(new URL("../../lib/backend/webgpu/open.ts", import.meta.url))];
  assertEquals([webGpu.some(isOfWebGpu), webGpu.filter(isOfWasm)], [true, []]);
});
