/** There is one open device at a time: what was made on another one, or is asked of it, is an error in words. */
import { type BackendChoice, openDevice, readValues } from "../../lib/backend/device.ts";
import type { KernelChoice } from "../../lib/backend/kernels.ts";
import { E } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { describe, FailureError, orThrow } from "../../lib/errors.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { predictor } from "../../lib/train/depth_network.ts";
import { saveCheckpoint } from "../../lib/train/checkpoint.ts";
import { trainLoop } from "../../lib/train/loop.ts";
import { initialState } from "../../lib/train/step.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../std.ts";
import { disposeState, loopOptions, tinyLearner, tinyNetwork, tinyOptimizer } from "../train/support.ts";

const start = () => initialState(tinyLearner(), tinyOptimizer, keyOf(7));

Deno.test("a backend, or kernels, of no known name are refused in words", async () => {
  for (const text of ['"cuda"', '"cpu"', '""', "null", "7"]) {
    // As a program without types gives it.
    const asked: BackendChoice = JSON.parse(text);
    const result = await openDevice(asked)();
    assert(E.isLeft(result));
    const { kind, found, expected } = result.left;
    assertEquals([kind, found, expected], ["usage", text, "auto, webgpu, wasm"]);
  }
  const kernels: KernelChoice = JSON.parse('"fast"');
  const result = await openDevice("wasm", { kernels })();
  assert(E.isLeft(result));
  assertEquals(result.left.expected, "own, stock");
});

Deno.test("a state is of the device that it was made on", async () => {
  const device = orThrow(await openDevice("wasm")());
  const state = start();
  const predict = predictor(tinyNetwork(), state.variables, 6, 8);
  const picture = { height: 6, width: 8, pixels: new Uint8Array(144) };
  // Any other backend of TensorFlow.js's stands for the other device.
  await tf.setBackend("cpu");
  try {
    const health = await device.health();
    assert(E.isLeft(health));
    assertStringIncludes(describe(health.left), "openDevice");
    const here = { ...device, health: () => Promise.resolve(E.right(undefined)) };
    const info = { kind: "depth", configuration: "{}", scenes: [] } as const;
    const uses = [
      predict(picture),
      saveCheckpoint("/nowhere/x.safetensors", state, info),
      trainLoop(loopOptions(here, 2), state),
    ];
    for (const use of uses) {
      const result = await use();
      assert(E.isLeft(result));
      assertEquals([result.left.kind, result.left.found], ["device", "some of wasm"]);
    }
    assertEquals(await tf.setBackend("wasm"), true);
    const again = start();
    await tf.setBackend("cpu");
    assert(await assertRejects(() => readValues(again.variables.params.output.bias)) instanceof FailureError);
    await tf.setBackend("wasm");
    disposeState(again);
  } finally {
    await tf.setBackend("wasm");
  }
  assertEquals(await device.health(), E.right(undefined));
});

Deno.test("the search for an adapter is quiet where there is no desktop, and leaves the environment as it was", async () => {
  const source = `
    import { openDevice } from "${new URL("../../lib/backend/device.ts", import.meta.url).href}";
    await openDevice("auto")();
    console.log("now <" + Deno.env.get("XDG_RUNTIME_DIR") + ">");`;
  const { stdout, stderr } = await new Deno.Command("deno", {
    args: ["eval", "--no-check", source],
    env: { XDG_RUNTIME_DIR: "" },
  }).output();
  const [said, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(said?.trim(), "now <>", complained);
  assert(!complained?.includes("XDG_RUNTIME_DIR"), complained);
});
