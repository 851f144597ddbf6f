/**
 * Opens the backends that are benchmarked. The wasm backend's code is imported as bytes, so that a plain `deno bench` needs
 * no permission to read it from Deno's cache.
 */
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import bytes from "@tensorflow/tfjs-backend-wasm/wasm" with { type: "bytes" };
import { type Device, openDevice } from "../lib/backend/device.ts";
import { orThrow } from "../lib/errors.ts";

/** The WebGPU device if there is a real adapter, else wasm: what `--backend auto` takes. */
export const openForBench = async (): Promise<Device> => {
  const simd = URL.createObjectURL(new Blob([bytes], { type: "application/wasm" }));
  // Deno has SIMD and no threads in wasm: the other two files that could be asked for never are.
  const files = ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"];
  setWasmPaths(Object.fromEntries(files.map((name) => [name, simd])), true);
  const device = orThrow(await openDevice("auto")());
  console.log(`backend: ${device.backend} on ${device.adapter}: ${device.reason}`);
  return device;
};
