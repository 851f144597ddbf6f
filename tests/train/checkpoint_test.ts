import fc from "fast-check";
import { countTensors } from "../../lib/backend/device.ts";
import { DeviceError } from "../../lib/backend/device_failure.ts";
import { E, type Either } from "../../lib/dependencies/fp.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { describe, type Failure, orThrow } from "../../lib/errors.ts";
import { writeBytes } from "../../lib/formats/files.ts";
import { safetensorsParts } from "../../lib/formats/safetensors.ts";
import { storedFloat32 } from "../../lib/formats/tensor_file.ts";
import type { Parametrized, Variables } from "../../lib/nn/layer.ts";
import { type Key, keyOf } from "../../lib/tensor/key.ts";
import { scope } from "../../lib/tensor/scope.ts";
import { type Branch, disposeTree, formOf, mapTree } from "../../lib/tensor/tree.ts";
import { type Checkpoint, type CheckpointInfo, readCheckpoint, saveCheckpoint } from "../../lib/train/checkpoint.ts";
import { initialState, type TrainState, trainStep } from "../../lib/train/step.ts";
import { restoreTree, restoreVariables } from "../../lib/weights/restore.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../std.ts";
import { onBackend, onWasm, readLeaves } from "../support.ts";
import {
  batchOf,
  disposeState,
  tinyLearner,
  tinyNetwork,
  tinyOptimizer,
  type TinyParams,
  type TinyStatistics,
  treeOf,
} from "./support.ts";

const info: CheckpointInfo & { readonly farthest: number } = {
  kind: "depth",
  configuration: '{ "seed": 7, "name": "é" }',
  scenes: ["hall", "Küche"],
  farthest: 69.99,
  samples: "a1",
};

/** A state after two steps, in which nothing is 0 any more. */
const trained = (): TrainState<TinyParams, TinyStatistics> => {
  const step = trainStep(tinyLearner(), tinyOptimizer);
  return [1, 2].reduce((state, seed) => {
    const batch = batchOf(seed);
    const [next, { loss, terms }] = step(state, batch);
    [treeOf(state), batch, { loss, terms }].forEach(disposeTree);
    return next;
  }, initialState(tinyLearner(), tinyOptimizer, keyOf(2 ** 40 + 7)));
};

const inFolder = async (run: (path: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  await run(`${folder}/state.safetensors`).finally(() => Deno.remove(folder, { recursive: true }));
};

/** Writes a trained state, and gives it and what was read back to the test. */
const withCheckpoint = (
  test: (checkpoint: Checkpoint, state: TrainState<TinyParams, TinyStatistics>, path: string) => void | Promise<void>,
): Promise<void> =>
  inFolder(async (path) => {
    const state = trained();
    orThrow(await saveCheckpoint(path, state, info)());
    await test(orThrow(await readCheckpoint(path)()), state, path);
    disposeState(state);
  });

onBackend(
  "a checkpoint names the generators and modules that it was trained with by the hashes of their files, or none",
  async () => {
    await withCheckpoint(async ({ generators, modules }, state, path) => {
      assertEquals([generators, modules], [{}, {}]);
      const hashes = { scene: "ab".repeat(32), random: "01".repeat(32) };
      const own = { network: "cd".repeat(32), data: "23".repeat(32) };
      orThrow(await saveCheckpoint(path, state, { ...info, generators: hashes, modules: own })());
      const read = orThrow(await readCheckpoint(path)());
      assertEquals([read.generators, read.modules], [hashes, own]);
    });
  },
);

onBackend("a checkpoint gives back every bit of parameters, statistics and optimizer, and the rest", async () => {
  await withCheckpoint(async (checkpoint, state, path) => {
    const { weights: _, ...story } = checkpoint;
    assertEquals(story, {
      path,
      step: 2,
      key: state.key,
      ...{ generators: {}, modules: {}, ...info },
    });
    const { variables: { params, statistics }, optimizer } = state;
    const trees: Readonly<Record<string, Branch>> = { params, statistics, optimizer };
    for (const [root, tree] of Object.entries(trees)) {
      const restored = orThrow(await restoreTree<Branch>(checkpoint.weights, root, formOf(tree))());
      assertEquals(await readLeaves(restored), await readLeaves(tree));
      disposeTree(restored);
    }
  });
});

onBackend("the variables of a network are restored, and nothing else is left on the device", async () => {
  await withCheckpoint(async (checkpoint, state) => {
    const before = countTensors();
    const restored = orThrow(await restoreVariables(checkpoint.weights, tinyNetwork())());
    assertEquals(await readLeaves({ ...restored }), await readLeaves({ ...state.variables }));
    disposeTree({ ...restored });
    assertEquals(countTensors(), before);
  });
});

onWasm("a part of a network is restored by its name", async () => {
  await withCheckpoint(async (checkpoint, state) => {
    const { params, statistics } = state.variables;
    const restored = orThrow(await restoreVariables(checkpoint.weights, formed(hiddenOf), "hidden")());
    assertEquals(await readLeaves({ ...restored }), await readLeaves(hiddenOf({ params, statistics })));
    disposeTree({ ...restored });
  });
});

type TinyVariables = Variables<TinyParams, TinyStatistics>;

const hiddenOf = ({ params, statistics }: TinyVariables) => ({ params: params.hidden, statistics: statistics.hidden });

/** A changed tiny network's first variables and their form: what is not wanted of it is disposed. */
const formed = <P extends Branch, S extends Branch>(
  change: (variables: TinyVariables) => Variables<P, S>,
): Parametrized<P, S> => {
  const init = (key: Key) =>
    scope(() => {
      const { params, statistics } = change(tinyNetwork().init(key));
      const copy = <T extends Branch>(tree: T): T => mapTree(tree, (tensor) => tf.clone(tensor));
      return { params: copy(params), statistics: copy(statistics) };
    });
  const { params, statistics } = init(keyOf(0));
  [params, statistics].forEach(disposeTree);
  return { init, form: { params: formOf(params), statistics: formOf(statistics) } };
};

onWasm("a state that the device cannot read is the device's failure, and any other error is thrown on", async () => {
  await inFolder(async (path) => {
    const state = trained();
    const unread = (error: Error) => {
      const kernel = Object.assign(state.variables.params.output.kernel.clone(), { data: () => Promise.reject(error) });
      const { params, statistics } = state.variables;
      const variables = { statistics, params: { ...params, output: { ...params.output, kernel } } };
      return { save: saveCheckpoint(path, { ...state, variables }, info), free: () => kernel.dispose() };
    };
    const [lost, bug] = [unread(new DeviceError("a lost device")), unread(new Error("a bug"))];
    const problem = refusal(await lost.save());
    assertEquals([problem.kind, problem.where, problem.found], ["device", path, "a lost device"]);
    assertEquals(String(await assertRejects(bug.save)), "Error: a bug");
    [lost, bug].forEach(({ free }) => free());
    disposeState(state);
  });
});

const refusal = (result: Either<Failure, unknown>): Failure => {
  assert(E.isLeft(result));
  return result.left;
};

onWasm("a checkpoint of another width is refused, with names and both shapes", async () => {
  await withCheckpoint(async (checkpoint) => {
    const before = countTensors();
    const problem = refusal(await restoreVariables(checkpoint.weights, tinyNetwork(5))());
    assertEquals(problem.kind, "checkpoint");
    assertEquals(problem.where, checkpoint.path);
    assertStringIncludes(describe(problem), "params/hidden/conv/kernel: [3, 3, 3, 4] instead of [3, 3, 3, 5]");
    assertStringIncludes(describe(problem), "params/output/kernel: [3, 3, 4, 1] instead of [3, 3, 5, 1]");
    assertEquals(countTensors(), before);
  });
});

onWasm("missing and surplus tensors are named, and nothing is left on the device", async () => {
  await withCheckpoint(async ({ weights }) => {
    const before = countTensors();
    const withoutHidden = formed(({ params: { hidden: _, ...params }, statistics }) => ({ params, statistics }));
    const surplus = refusal(await restoreVariables(weights, withoutHidden)());
    assertStringIncludes(describe(surplus), "too many  params/hidden/conv/kernel");
    const withMore = formed(({ params, statistics }) => ({
      params: { ...params, more: params.hidden },
      statistics: { ...statistics, most: statistics.hidden },
    }));
    const missing = refusal(await restoreVariables(weights, withMore)());
    assertStringIncludes(describe(missing), "missing   params/more/conv/kernel\n");
    assertStringIncludes(describe(missing), "missing   statistics/most/norm/mean\n");
    assertEquals(countTensors(), before);
  });
});

onWasm("a file that was cut anywhere is refused as damaged, as is any garbage", async () => {
  await withCheckpoint(async (_, __, path) => {
    const whole = await Deno.readFile(path);
    const damaged = async (bytes: Uint8Array): Promise<boolean> => {
      await Deno.writeFile(path, bytes);
      const problem = refusal(await readCheckpoint(path)());
      return problem.kind === "format" && problem.where.includes(path);
    };
    await fc.assert(fc.asyncProperty(fc.nat({ max: whole.length - 1 }), (end) => damaged(whole.subarray(0, end))), {
      examples: [[0], [7], [8], [whole.length - 1]],
      numRuns: 40,
    });
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), damaged), { numRuns: 40 });
  });
});

onWasm("safetensors of another program, and files that are not there, are refused", async () => {
  await inFolder(async (path) => {
    assertEquals(refusal(await readCheckpoint(path)()).kind, "missing");
    const tensors = [storedFloat32("params/w", [2], Float32Array.of(1, 2))];
    const sound = {
      format: "cliffnet-deno 1",
      kind: "depth",
      step: "3",
      key: "[0,1]",
      configuration: "{}",
      scenes: "[]",
    };
    const written = async (metadata: Readonly<Record<string, string>>) => {
      orThrow(await writeBytes(path, safetensorsParts(tensors, metadata))());
      return await readCheckpoint(path)();
    };
    assertEquals(orThrow(await written(sound)).step, 3);
    for (const [text, farthest] of [["70.5", 70.5], ["-1", null], ["Infinity", null], ["far", null]] as const) {
      assertEquals(orThrow(await written({ ...sound, farthest: text })).farthest, farthest, text);
    }
    assertEquals(orThrow(await written(sound)).farthest, null);
    const spoilt = { format: "other 1", kind: "cat", step: "1.5", key: '"x"', configuration: undefined, scenes: "[1]" };
    for (const [name, value] of Object.entries(spoilt)) {
      const { [name]: _, ...others }: Readonly<Record<string, string>> = sound;
      assertEquals(refusal(await written(others)).kind, "checkpoint", `without ${name}`);
      if (value === undefined) continue;
      assertEquals(refusal(await written({ ...sound, [name]: value })).kind, "checkpoint", `${name} is ${value}`);
    }
  });
});
