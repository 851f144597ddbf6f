import { E, TE } from "../../lib/dependencies/fp.ts";
import { trackStatistics } from "../../lib/embedding/data_passes.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { batchNorm } from "../../lib/nn/batch_norm.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { assertClose } from "../backend/support.ts";
import { disposeVariables } from "../nn/support.ts";
import { assert, assertEquals } from "../std.ts";
import { featuresOf, onBackend, readLeaves } from "../support.ts";

const layer = batchNorm(1);

/** Mean 3, unbiased variance 8/3. */
const input = () => featuresOf([1, 2, 2, 1], [1, 3, 3, 5]);

onBackend("statistics go towards those of the batches by a tenth each step, and parameters stay", async () => {
  const variables = orThrow(
    await trackStatistics(layer, layer.init(keyOf(1)), 5, () => TE.fromIO(input))(),
  );
  const { mean, variance } = Object.fromEntries(await readLeaves(variables.statistics));
  const left = 0.9 ** 5;
  assertClose(mean?.values ?? [], [3 * (1 - left)], 1e-5);
  assertClose(variance?.values ?? [], [left + 8 / 3 * (1 - left)], 1e-5);
  const { gamma, beta } = Object.fromEntries(await readLeaves(variables.params));
  assertEquals([[...gamma?.values ?? []], [...beta?.values ?? []]], [[1], [0]]);
  disposeVariables(variables);
});

onBackend("no steps leave the first statistics, and steps ask for their inputs in order", async () => {
  const asked: number[] = [];
  const none = orThrow(await trackStatistics(layer, layer.init(keyOf(1)), 0, () => TE.fromIO(input))());
  assertEquals([...(await readLeaves(none.statistics)).values()].map(({ values }) => values[0]), [0, 1]);
  const some = orThrow(
    await trackStatistics(layer, layer.init(keyOf(1)), 3, (step) =>
      TE.fromIO(() => {
        asked.push(step);
        return input();
      }))(),
  );
  assertEquals(asked, [0, 1, 2]);
  [none, some].forEach(disposeVariables);
});

onBackend("an input that cannot be had ends it, and nothing is left on the device", async () => {
  const problem = failure("data", "frame 3", "a hole", "a frame");
  const result = await trackStatistics(
    layer,
    layer.init(keyOf(1)),
    3,
    (step) => step === 1 ? TE.left(problem) : TE.fromIO(input),
  )();
  assert(E.isLeft(result));
  assertEquals(result.left, problem);
});
