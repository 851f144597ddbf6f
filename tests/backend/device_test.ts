import { type Device, openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { WebGPUBackend } from "../../lib/dependencies/webgpu.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../../tasks/std.ts";

const adapter = await navigator.gpu?.requestAdapter() ?? null;
if (adapter === null) console.log("webgpu: no adapter, its tests are skipped");
const ignore = adapter === null;

/** The GPU's own device under the open backend. */
const gpuDevice = (): GPUDevice => {
  const backend = tf.backend();
  assert(backend instanceof WebGPUBackend);
  return backend.device;
};

const complaint = async (device: Device): Promise<string> => {
  const result = await device.health();
  return result._tag === "Left" ? describe(result.left) : "";
};

Deno.test("auto takes no software adapter, and says why", async () => {
  const { backend, reason } = orThrow(await openDevice("auto")());
  const real = adapter !== null && !adapter.info.isFallbackAdapter;
  assertEquals(backend, real ? "webgpu" : "wasm");
  assertStringIncludes(reason, adapter === null ? "no WebGPU adapter" : real ? "adapter" : "software");
});

Deno.test({
  name: "a validation error of the GPU, which does not throw, is told by the device's health",
  ignore,
  fn: async () => {
    const device = orThrow(await openDevice("webgpu")());
    assertEquals(await complaint(device), "");
    gpuDevice().createBuffer({ size: 16, usage: 0 });
    const said = await complaint(device);
    for (const part of ["GPU", "expected", "--backend wasm"]) assertStringIncludes(said, part);
  },
});

Deno.test({
  name: "a lost device is told by its health, and nothing waits for it forever",
  ignore,
  fn: async () => {
    const device = orThrow(await openDevice("webgpu")());
    gpuDevice().destroy();
    assertStringIncludes(await complaint(device), "lost device");
    orThrow(await openDevice("wasm")());
  },
});
