import { runFused } from "../../lib/backend/kernels.ts";
import {
  normalizeBatchGradKernel,
  normalizeBatchKernel,
  type NormalizeBatchVariant,
} from "../../lib/backend/webgpu/normalize_batch.ts";
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assert, assertEquals } from "../std.ts";
import { assertClose, dot, noise, sizeOf, testOn } from "./support.ts";
import { countDispatches, openWebGpu, registerAs, runKernel } from "./webgpu_support.ts";

const devices = await openWebGpu();
const variants: readonly NormalizeBatchVariant[] = ["serial", "shared"];
const namesOf = (variant: NormalizeBatchVariant) =>
  [`NormalizeBatch ${variant}`, `NormalizeBatchGrad ${variant}`] as const;
variants.forEach((variant) => {
  const [forward, backward] = namesOf(variant);
  registerAs(forward, normalizeBatchKernel(variant));
  registerAs(backward, normalizeBatchGradKernel(variant));
});

const epsilon = 1e-5;

/** Every `channels`-th number from the `channel`-th on. */
const columnOf = (values: ArrayLike<number>, channels: number, channel: number): readonly number[] =>
  Array.from({ length: values.length / channels }, (_, row) => values[row * channels + channel] ?? NaN);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Moments {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly inverse: readonly number[];
}

/** Each channel's moments, in float64, in two passes. */
const momentsOf = (x: ArrayLike<number>, channels: number): Moments => {
  const columns = Array.from({ length: channels }, (_, channel) => columnOf(x, channels, channel));
  const mean = columns.map(meanOf);
  const variance = columns.map((column, c) => meanOf(column.map((value) => (value - (mean[c] ?? 0)) ** 2)));
  return { mean, variance, inverse: variance.map((value) => 1 / Math.sqrt(value + epsilon)) };
};

/** γ · (x − mean) / √(variance + ε) + β, in float64. */
const normalize = (x: readonly number[], gamma: readonly number[], beta: readonly number[]): readonly number[] => {
  const { mean, inverse } = momentsOf(x, gamma.length);
  return x.map((value, at) => {
    const c = at % gamma.length;
    return (value - (mean[c] ?? 0)) * (inverse[c] ?? 0) * (gamma[c] ?? 0) + (beta[c] ?? 0);
  });
};

/** Shapes, and what is special about their numbers. */
const inputs: readonly {
  readonly name: string;
  readonly shape: readonly [number, number, number, number];
  readonly values: (value: number, at: number) => number;
}[] = [
  { name: "an odd size", shape: [1, 57, 76, 4], values: (value) => value },
  { name: "odd channels", shape: [3, 15, 19, 5], values: (value) => 3 * value - 1 },
  { name: "one channel", shape: [3, 29, 38, 1], values: (value) => value },
  { name: "many channels", shape: [1, 8, 10, 72], values: (value) => value },
  { name: "two groups of channels", shape: [2, 8, 10, 8], values: (value) => value },
  { name: "two rows", shape: [1, 2, 1, 6], values: (value) => value },
  {
    name: "channels that differ a lot",
    shape: [1, 15, 19, 8],
    values: (value, at) => value * 10 ** (at % 8 - 4) + at % 8,
  },
  { name: "a large mean", shape: [2, 29, 38, 4], values: (value) => 1000 + value },
  {
    name: "a large mean and a first pixel of 0",
    shape: [1, 57, 76, 4],
    values: (value, at) => at < 4 ? 0 : 100 + value,
  },
  { name: "one value", shape: [1, 15, 19, 4], values: () => 2.5 },
  { name: "values after a ReLU", shape: [1, 15, 19, 4], values: (value) => Math.max(0, value) },
];

const vectorOf = (length: number, seed: number) => ({ shape: [length], values: noise(length, seed) });

const problemOf = ({ shape, values }: (typeof inputs)[number]) => ({
  x: { shape, values: noise(sizeOf(shape), 1).map((value, at) => Math.fround(values(value, at))) },
  gamma: vectorOf(shape[3], 2),
  beta: vectorOf(shape[3], 3),
});

for (const variant of variants) {
  const [forward, backward] = namesOf(variant);
  for (const input of inputs) {
    const { x, gamma, beta } = problemOf(input);
    testOn(
      devices,
      `${variant} batch norm of ${input.name}, [${input.shape}], has the moments of float64`,
      async () => {
        const [y = [], mean = [], variance = [], inverse = []] = await runKernel(forward, { x, gamma, beta }, {
          epsilon,
        });
        const expected = momentsOf(x.values, input.shape[3]);
        expected.mean.forEach((value, c) => {
          const size = Math.abs(value) + Math.sqrt(expected.variance[c] ?? 0);
          assert(Math.abs((mean[c] ?? NaN) - value) <= 5e-7 * size, `mean ${c}: ${mean[c]}, not ${value}`);
        });
        expected.variance.forEach((value, c) => {
          assert(Math.abs((variance[c] ?? NaN) - value) <= 3e-5 * value, `variance ${c}: ${variance[c]}, not ${value}`);
          const deviation = (inverse[c] ?? NaN) / (expected.inverse[c] ?? NaN);
          assert(Math.abs(deviation - 1) < 2e-5, `inverse ${c}`);
        });
        // A mean of 1000 has no more than 4 digits after the point, which all deviations from it inherit.
        const largest = Math.max(...expected.mean.map((value, c) => Math.abs(value) * (expected.inverse[c] ?? 0)));
        assertClose(y, normalize(x.values, gamma.values, beta.values), 2e-6 + 1.5e-7 * largest, "output");
      },
    );

    testOn(
      devices,
      `${variant} batch norm of ${input.name}, [${input.shape}], has the gradients of the definition`,
      async () => {
        const channels = input.shape[3];
        const { mean, inverse } = momentsOf(x.values, channels);
        const dy = { shape: input.shape, values: noise(x.values.length, 4) };
        const saved = { mean: { shape: [channels], values: mean }, inverse: { shape: [channels], values: inverse } };
        const [dx = [], dGamma = [], dBeta = []] = await runKernel(backward, { x, dy, gamma, ...saved }, {});
        const [dxs, dys, xs] = [dx, dy.values, x.values].map((values) =>
          Array.from({ length: channels }, (_, c) => columnOf(values, channels, c))
        );
        for (let c = 0; c < channels; c++) {
          const slopes = dys?.[c] ?? [];
          const hats = (xs?.[c] ?? []).map((value) => (value - (mean[c] ?? 0)) * (inverse[c] ?? 0));
          const scale = Math.sqrt(dot(hats, hats) * dot(slopes, slopes)) + 1e-3;
          // Where the deviation is small against the mean, x̂ inherits the mean's rounding.
          const tolerance = 1e-6 + 1e-7 * Math.abs(mean[c] ?? 0) * (inverse[c] ?? 0);
          const [sum, along] = [slopes.reduce((total, slope) => total + slope, 0), dot(slopes, hats)];
          const total = slopes.reduce((most, slope) => most + Math.abs(slope), 0);
          assert(Math.abs((dBeta[c] ?? NaN) - sum) < 1e-7 * total + 1e-7, `β ${c}: ${dBeta[c]}, not ${sum}`);
          assert(Math.abs((dGamma[c] ?? NaN) - along) < 10 * tolerance * scale, `γ ${c}: ${dGamma[c]}, not ${along}`);
          const count = slopes.length;
          const factor = (gamma.values[c] ?? 0) * (inverse[c] ?? 0);
          const expected = slopes.map((slope, row) =>
            factor * (slope - sum / count - (hats[row] ?? 0) * along / count)
          );
          const size = Math.max(...slopes.map(Math.abs)) * Math.abs(factor);
          expected.forEach((value, row) =>
            assert(Math.abs((dxs?.[c]?.[row] ?? NaN) - value) < 20 * tolerance * size, `dx ${c}, ${row}`)
          );
        }
      },
    );
  }

  testOn(devices, `${variant} batch norm's gradients are the slopes of ⟨y, dy⟩`, async () => {
    const shape = [1, 3, 5, 3];
    const x = { shape, values: noise(45, 1) };
    const [gamma, beta] = [vectorOf(3, 2), vectorOf(3, 3)];
    const [dy, direction] = [noise(45, 4), noise(45, 5)];
    const [, mean, , inverse] = await runKernel(forward, { x, gamma, beta }, { epsilon });
    const [dx = []] = await runKernel(backward, {
      x,
      dy: { shape, values: dy },
      gamma,
      mean: { shape: [3], values: [...mean ?? []] },
      inverse: { shape: [3], values: [...inverse ?? []] },
    }, {});
    const along = (step: number): number =>
      dot(normalize(x.values.map((value, at) => value + step * (direction[at] ?? 0)), gamma.values, beta.values), dy);
    assertClose([dot(dx, direction)], [(along(1e-4) - along(-1e-4)) / 2e-4], 1e-5);
  });

  testOn(devices, `${variant} batch norm has the same bits each time`, async () => {
    const { x, gamma, beta } = problemOf({ name: "", shape: [2, 29, 38, 8], values: (value) => value });
    const run = () => runKernel(forward, { x, gamma, beta }, { epsilon });
    const first = await run();
    assertEquals(first, await run());
    const [y, mean, , inverse] = first.map((values) => ({ shape: [values.length], values: [...values] }));
    assert(y !== undefined && mean !== undefined && inverse !== undefined);
    const back = () => runKernel(backward, { x, dy: { ...y, shape: x.shape }, gamma, mean, inverse }, {});
    assertEquals(await back(), await back());
  });

  testOn(devices, `${variant} batch norm takes three dispatches forward and three backward`, () => {
    tf.tidy(() => {
      const [x, gamma] = [tf.zeros([2, 9, 7, 8]), tf.zeros([8])];
      assertEquals(countDispatches(() => runFused(forward, { x, gamma, beta: gamma }, { epsilon })), 3);
      const given = { x, dy: x, gamma, mean: gamma, inverse: gamma };
      assertEquals(countDispatches(() => runFused(backward, given, {})), 3);
    });
    return Promise.resolve();
  });
}
