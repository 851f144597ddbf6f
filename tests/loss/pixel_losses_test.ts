// The list of losses that a configuration can name: each is the function of its name, with its parameters.
import { multiScaleSobel } from "../../lib/embedding/embedding.ts";
import { orThrow } from "../../lib/errors.ts";
import { objectiveOf } from "../../lib/experiment/compose.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { gradientLoss, hierarchical, multiScaleGradientLoss } from "../../lib/loss/hierarchical.ts";
import type { Loss } from "../../lib/loss/loss.ts";
import { berHu, depthAware, huber, l1, l2 } from "../../lib/loss/pixel.ts";
import {
  hierarchyOf,
  loadPixelLoss,
  pixelLosses,
  type PixelLossName,
  pixelLossTable,
  publishedParameters,
  unfitParameter,
} from "../../lib/loss/pixel_losses.ts";
import { eigen, logL1, scaleAndShiftInvariant, siLog } from "../../lib/loss/scale_invariant.ts";
import { edgeAwareSmoothness } from "../../lib/loss/smoothness.ts";
import { ssim } from "../../lib/loss/ssim.ts";
import { cameraOfView, virtualNormal } from "../../lib/loss/virtual_normal.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertStringIncludes } from "../std.ts";
import { onWasm } from "../support.ts";
import { comparison, measure } from "./oracle.ts";

const given = comparison([2, 18, 20], (at) => at % 19 === 3 && at % 360 < 90);

/** Each loss as a script writes it, with its published parameters. */
const published: Readonly<Record<PixelLossName, Loss>> = {
  "l1": l1,
  "l2": l2,
  "huber": huber(),
  "berhu": berHu(),
  "log": logL1,
  "eigen": eigen(),
  "silog": siLog(),
  "depth-aware": depthAware,
  "gradient": gradientLoss,
  "multi-scale-gradient": multiScaleGradientLoss(),
  "ssim": ssim(),
  "virtual-normal": virtualNormal(),
  "scale-shift-invariant": scaleAndShiftInvariant(),
  "smoothness": edgeAwareSmoothness,
};

/** Terms of a configuration with other parameters, and the same losses as a script writes them. */
const others:
  readonly (readonly [term: { readonly kind: PixelLossName; readonly [parameter: string]: unknown }, loss: Loss])[] = [
    [{ kind: "huber", threshold: 0.25 }, huber(0.25)],
    [{ kind: "berhu", share: 0.5 }, berHu(0.5)],
    [{ kind: "eigen", lambda: 1 }, eigen(1)],
    [{ kind: "silog", lambda: 0.5 }, siLog(0.5, 10)],
    [{ kind: "silog", factor: 3 }, siLog(0.85, 3)],
    [{ kind: "multi-scale-gradient", scales: 2 }, multiScaleGradientLoss(2)],
    [{ kind: "ssim", window: 5, sigma: 1 }, ssim({ window: 5, sigma: 1 })],
    [{ kind: "ssim", range: 80 }, ssim({ range: 80 })],
    [{ kind: "virtual-normal", distance: 1, angle: 10 }, virtualNormal({ distance: 1, angle: 10 })],
    [{ kind: "virtual-normal", view: 90 }, virtualNormal({ camera: cameraOfView(90) })],
    [{ kind: "scale-shift-invariant", scales: 2 }, scaleAndShiftInvariant({ scales: 2 })],
    [{ kind: "scale-shift-invariant", gradientWeight: 2 }, scaleAndShiftInvariant({ gradientWeight: 2 })],
  ];

const lossOfTerm = async (term: unknown): Promise<Loss> => {
  const [only] = await objectiveOf(orThrow(decodeConfiguration("test", { loss: [term] })).loss, {});
  assert(only !== undefined);
  return only.loss;
};

for (const { name } of pixelLosses) {
  onWasm(`a term "${name}" without parameters is the published loss, bit for bit`, async () => {
    const expected = await measure(published[name], given);
    assertEquals(await measure(await loadPixelLoss(name), given), expected);
    assertEquals(await measure(await lossOfTerm({ kind: name }), given), expected);
  });
}

for (const [term, loss] of others) {
  onWasm(`${JSON.stringify(term)} is that loss, and not the published one`, async () => {
    const expected = await measure(loss, given);
    assertEquals(await measure(await lossOfTerm(term), given), expected);
    assertNotEquals(expected.value, (await measure(published[term.kind], given)).value);
  });
}

onWasm("a loss that is a hierarchical one of Sobel's levels has the same value", async () => {
  const assertSame = async (loss: Loss, weights: readonly number[]): Promise<void> => {
    const { value } = await measure(loss, given);
    const levels = multiScaleSobel(weights.length - 1);
    assertAlmostEquals((await measure(hierarchical(levels, weights), given)).value, value, 1e-5 * value);
  };
  assertEquals(hierarchyOf("gradient", {})?.generator, "sobel");
  await assertSame(gradientLoss, hierarchyOf("gradient", {})?.weights ?? []);
  for (const scales of [1, 2, 4]) {
    await assertSame(multiScaleGradientLoss(scales), hierarchyOf("multi-scale-gradient", { scales })?.weights ?? []);
  }
  assertEquals(hierarchyOf("l1", {}), null);
});

Deno.test("parameters have their published values in a configuration, beside weight and warm-up", () => {
  const terms = orThrow(decodeConfiguration("test", { loss: pixelLosses.map(({ name }) => ({ kind: name })) })).loss;
  for (const term of terms) {
    assert(term.kind !== "hierarchical");
    assertEquals(term, { kind: term.kind, weight: 1, warmup: 0, ...publishedParameters(term.kind) });
  }
});

/** What is said of a term that is refused: the field, and what it should be. */
const refusal = (term: unknown, height = 64, width = 80): readonly [field: string, expected: string] => {
  const data = { kind: "scenes", height, width };
  const result = decodeConfiguration("my.jsonc", { data, loss: [{ kind: "l1" }, term] });
  assert(result._tag === "Left");
  assertEquals(result.left.kind, "configuration");
  return [result.left.where, result.left.expected];
};

Deno.test("parameters out of their range, of another loss, or that do not fit are refused in the name of their field", () => {
  const wrong: readonly (readonly [term: unknown, field: string, expected: string])[] = [
    [{ kind: "huber", threshold: 0 }, "threshold", "a number from"],
    [{ kind: "berhu", share: 1.5 }, "share", "a number from 0.000001 to 1"],
    [{ kind: "eigen", lambda: "0.5" }, "lambda", "a number from 0 to 1"],
    [{ kind: "l1", threshold: 1 }, "threshold", "no such field"],
    [{ kind: "ssim", window: 10 }, "window", "an odd number"],
    [{ kind: "ssim", window: 65 }, "window", "at most 64, for depth maps of 64×80"],
    [{ kind: "multi-scale-gradient", scales: 8 }, "scales", "at most 7, for depth maps of 64×80"],
    [{ kind: "scale-shift-invariant", scales: 7 }, "scales", "at most 6, for depth maps of 64×80"],
  ];
  for (const [term, field, expected] of wrong) {
    const [where, says] = refusal(term);
    assertEquals(where, `my.jsonc, field loss.1.${field}`);
    assertStringIncludes(says, expected);
  }
});

Deno.test("as many scales are allowed as depth maps can be halved, or every second pixel of them be taken, and compared", () => {
  const most = (name: "multi-scale-gradient" | "scale-shift-invariant", height: number, width: number): number => {
    const fits = (scales: number) =>
      unfitParameter(name, { ...publishedParameters(name), scales }, height, width) === null;
    const allowed = Array.from({ length: 12 }, (_, at) => at + 1).filter(fits);
    assertEquals(allowed, allowed.map((_, at) => at + 1));
    return allowed.length;
  };
  for (const size of [32, 33, 63, 64, 65, 100, 1000]) {
    let [halvings, halved, takings, taken] = [0, size, 0, size];
    for (; halved >= 1; halvings++) halved = Math.floor(halved / 2);
    for (; taken >= 2; takings++) taken = Math.ceil(taken / 2);
    assertEquals(most("multi-scale-gradient", size, 4096), halvings);
    assertEquals(most("scale-shift-invariant", 4096, size), takings);
  }
});

Deno.test("the table tells each loss with its parameters, unit and source", () => {
  const lines = pixelLossTable().split("\n");
  assertEquals(lines.length, 2 + pixelLosses.length);
  const huberLine = lines.find((line) => line.startsWith("| `huber`")) ?? "";
  for (const part of ["`threshold` 1", "m²", "Huber, 1964"]) assertStringIncludes(huberLine, part);
});
