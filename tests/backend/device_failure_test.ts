/** Which errors are the device's own: here they are those that the backends really throw. */
import { openDevice } from "../../lib/backend/device.ts";
import { deviceFailure } from "../../lib/backend/device_failure.ts";
import { wasmBackend } from "../../lib/backend/wasm/frames.ts";
import { programOf } from "../../lib/backend/wasm/program.ts";
import { webGpuBackend } from "../../lib/backend/webgpu/shader.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { failure, FailureError, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";

const ignore = await navigator.gpu?.requestAdapter() == null;
if (ignore) console.log("webgpu: no adapter, its tests are skipped");

const thrownBy = (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(() => {
    throw new Error("nothing was thrown");
  }, (reason: unknown) => reason);

/** What was found, of a device's own error; the failure carries the error. */
const foundIn = (reason: unknown): string => {
  const problem = deviceFailure(reason, "the step");
  assert(problem !== null, String(reason));
  assertEquals([problem.kind, problem.where, problem.cause === reason], ["device", "the step", true]);
  return problem.found;
};

Deno.test("a tensor that does not fit into the memory of wasm is the device's failure", async () => {
  orThrow(await openDevice("wasm")());
  const column = tf.ones([2 ** 16, 1]);
  // 17 GB: its number in 32 bits would be 0.
  const reason = assertThrows(() => tf.add(column, tf.ones([1, 2 ** 16])));
  assertStringIncludes(foundIn(reason), "no room for 17179869184 bytes");
  assertEquals((await tf.sum(column).data())[0], 2 ** 16);
});

Deno.test("WebAssembly that stops, or has no memory left, is the device's failure", async () => {
  orThrow(await openDevice("wasm")());
  const backend = wasmBackend(tf.backend());
  const { winogradInput } = programOf(backend);
  assertStringIncludes(foundIn(assertThrows(() => winogradInput(-64, 64, 64, -64, 64, 1))), "out of bounds");
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 });
  assertStringIncludes(foundIn(assertThrows(() => memory.grow(2))), "Maximum memory size exceeded");
});

Deno.test("errors of other code are not the device's", async () => {
  orThrow(await openDevice("wasm")());
  const mistakes: readonly (() => unknown)[] = [
    () => tf.add(tf.ones([2]), tf.ones([3])),
    () => tf.conv2d(tf.ones<tf.Rank.R4>([1, 2, 2, 3]), tf.ones<tf.Rank.R4>([1, 1, 2, 3]), 1, "same"),
    () => new Array(-1),
    () => (1).toFixed(101),
    () => JSON.parse("{"),
    () => {
      throw "a text";
    },
    () => {
      throw new DOMException("stopped", "AbortError");
    },
    () => {
      throw new FailureError(failure("data", "a file", "nothing", "a number"));
    },
  ];
  for (const mistake of mistakes) assertEquals(deviceFailure(assertThrows(mistake), "the step"), null);
});

Deno.test("a failure of a device that was thrown is that failure", () => {
  const problem = failure("device", "the GPU", "a lost device", "a device");
  assertEquals(deviceFailure(new FailureError(problem), "the step"), problem);
});

/** A fresh device, and TensorFlow.js without the processor's shortcut for small tensors. */
const openGpu = async (): Promise<GPUDevice> => {
  orThrow(await openDevice("webgpu")());
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  return webGpuBackend(tf.backend()).device;
};

Deno.test({
  name: "a tensor that is too large for the GPU is the device's failure",
  ignore,
  fn: async () => {
    await openGpu();
    foundIn(await thrownBy(() => tf.tile(tf.ones([2 ** 15]), [2 ** 17]).data()));
  },
});

Deno.test({
  name: "what a lost GPU, or one that refuses a shader, throws is the device's failure",
  ignore,
  fn: async () => {
    const gpu = await openGpu();
    gpu.pushErrorScope("validation");
    const compute = { module: gpu.createShaderModule({ code: "nonsense" }), entryPoint: "main" };
    foundIn(await thrownBy(() => gpu.createComputePipelineAsync({ layout: "auto", compute })));
    assertStringIncludes(foundIn(await gpu.popErrorScope()), "nonsense");
    const result = tf.add(tf.ones([8]), 1);
    gpu.destroy();
    foundIn(await thrownBy(() => result.data()));
    foundIn(assertThrows(() => tf.sigmoid(tf.tensor([1, 2, 3]))));
    orThrow(await openDevice("wasm")());
  },
});
