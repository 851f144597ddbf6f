import { orThrow } from "../../lib/errors.ts";
import { type DepthMetrics, evaluateImage, metricNames } from "../../lib/metrics/depth_metrics.ts";
import { ownSize } from "../../lib/metrics/protocols.ts";
import { imageTable, metricsHeading, metricsLine } from "../../lib/metrics/summary.ts";
import { assert, assertEquals } from "../std.ts";
import { mapOf } from "./reference.ts";

const metrics: DepthMetrics = {
  rel: 0.12345,
  sq_rel: 1.5,
  rms: 10.25,
  rms_log: 0,
  log10: 0.051,
  silog: 0.25,
  delta1: 0.86549,
  delta2: 0.975,
  delta3: 1,
  dbe_acc: 2.5,
  dbe_comp: null,
};

Deno.test("a line of the table has every metric with four digits below its name, and a dash for none", () => {
  const [heading, line] = [metricsHeading("set"), metricsLine("CLIFFNet", metrics)];
  assertEquals(line.length, heading.length);
  assert(heading.length <= 120);
  assertEquals(heading.trim().split(/\s+/), ["set", ...metricNames]);
  const digits = "0.1235 1.5000 10.2500 0.0000 0.0510 0.2500 0.8655 0.9750 1.0000 2.5000 –";
  assertEquals(line.split(/\s+/), ["CLIFFNet", ...digits.split(" ")]);
  assertEquals(metricsLine("none", null).split(/\s+/), ["none", ...metricNames.map(() => "–")]);
});

Deno.test("the table of images has a line for each, in order, with all digits and empty cells for what there is not", () => {
  const resultOf = (name: string, truth: readonly number[]) =>
    orThrow(evaluateImage(ownSize, name, mapOf([[3, 3, 3]]), mapOf([truth])));
  const results = [resultOf("a.png", [3, 2.5, 0]), resultOf('kitchen, "left"\n.png', [0, 0, 0])];
  const [first, second] = results;
  assert(first?.metrics && second !== undefined);
  const { rel, sq_rel, rms, rms_log, log10, silog } = first.metrics;
  assertEquals(
    imageTable(results),
    [
      "image,valid_pixels,scale,rel,sq_rel,rms,rms_log,log10,silog,delta1,delta2,delta3,dbe_acc,dbe_comp",
      `a.png,2,1,${rel},${sq_rel},${rms},${rms_log},${log10},${silog},1,1,1,,`,
      '"kitchen, ""left""\n.png",0,1,,,,,,,,,,,',
      "",
    ].join("\n"),
  );
  assertEquals(Number(imageTable(results).split(",")[16]), rel);
});
