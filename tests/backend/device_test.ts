import { type Device, type DeviceOptions, openDevice } from "../../lib/backend/device.ts";
import { hasKernel } from "../../lib/backend/kernels.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { WebGPUBackend } from "../../lib/dependencies/webgpu.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";

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

Deno.test("a device is opened with TensorFlow.js's own kernels, if these are asked for, and with this library's", async () => {
  const kernelsOf = async (options?: DeviceOptions): Promise<readonly [string, boolean]> => {
    const { kernels } = orThrow(await openDevice("wasm", options)());
    return [kernels, hasKernel("FusedConvolution")];
  };
  assertEquals(await kernelsOf({ kernels: "stock" }), ["stock", false]);
  assertEquals(await kernelsOf({}), ["own", true]);
  assertEquals(await kernelsOf(), ["own", true]);
});

Deno.test({
  name: "a validation error of the GPU, which does not throw, is reported by the device's health, with its cause",
  ignore,
  fn: async () => {
    const device = orThrow(await openDevice("webgpu")());
    assertEquals(await complaint(device), "");
    gpuDevice().createBuffer({ size: 16, usage: 0 });
    const text = await complaint(device);
    for (const part of ["GPU", "expected", "--backend wasm"]) assertStringIncludes(text, part);
    const result = await device.health();
    assert(result._tag === "Left" && result.left.kind === "device" && result.left.cause instanceof GPUError);
  },
});

Deno.test({
  name: "a lost device is reported by its health, and nothing waits for it forever",
  ignore,
  fn: async () => {
    const device = orThrow(await openDevice("webgpu")());
    gpuDevice().destroy();
    assertStringIncludes(await complaint(device), "lost device");
    orThrow(await openDevice("wasm")());
  },
});
