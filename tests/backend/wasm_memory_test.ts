import { openDevice } from "../../lib/backend/device.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../std.ts";

interface Module {
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
}

Deno.test("memory beyond 2 GB is read where it lies, and its end is an error", async () => {
  orThrow(await openDevice("wasm")());
  const { wasm } = tf.backend() as tf.KernelBackend & { readonly wasm: Module };
  const gigabyte = 2 ** 30;
  // Pages that nothing is written to take no memory of the machine.
  const blocks = [wasm._malloc(gigabyte), wasm._malloc(gigabyte)];
  const high = tf.add(tf.tensor1d([1, 2, 3]), 10);
  assertEquals([...await high.data()], [11, 12, 13]);
  assertEquals([...high.dataSync()], [11, 12, 13]);
  const error = assertThrows(() => {
    for (let more = 0; more < 4; more++) blocks.push(wasm._malloc(gigabyte));
  });
  assertStringIncludes(String(error), "no room for 1073741824 bytes");
  const huge = assertThrows(() => wasm._malloc(4 * gigabyte + 64));
  assertStringIncludes(String(huge), "no room for 4294967360 bytes");
  assert(blocks.every((address) => address > 0));
  blocks.forEach((address) => wasm._free(address));
  assertEquals([...await tf.mul(high, 2).data()], [22, 24, 26]);
  high.dispose();
});
