import fc from "fast-check";
import { roundTicks } from "../../lib/pictures/colormap.ts";
import { assert, assertEquals } from "../std.ts";
import { assertRefused } from "./support.ts";

const texts = (near: number, far: number, most: number) => roundTicks([near, far], most).map((tick) => tick.text);

const ranges = fc
  .tuple(
    fc.double({ min: 0, max: 1000, noNaN: true }),
    fc.double({ min: 1e-3, max: 1000, noNaN: true }),
  )
  .map(([near, span]) => [near, near + span] as const);

Deno.test("known scales have the ticks that a person would draw", () => {
  assertEquals(texts(0, 10, 5), ["0", "2", "4", "6", "8", "10"]);
  assertEquals(texts(0.7, 6.3, 6), ["1", "2", "3", "4", "5", "6"]);
  assertEquals(texts(0, 10, 4), ["0.0", "2.5", "5.0", "7.5", "10.0"]);
  assertEquals(texts(0, 0.3, 3), ["0.0", "0.1", "0.2", "0.3"]);
  assertEquals(texts(0.9, 1.1, 4), ["0.90", "0.95", "1.00", "1.05", "1.10"]);
  assertEquals(texts(0, 120, 6), ["0", "20", "40", "60", "80", "100", "120"]);
});

Deno.test("ticks lie within the range, ascend, and are neither too few nor too many", () => {
  fc.assert(fc.property(ranges, fc.integer({ min: 4, max: 10 }), (range, n) => {
    const values = roundTicks(range, n).map((tick) => tick.value);
    assert(values.length >= 2 && values.length <= n + 1, values.join(" "));
    values.forEach((value, index) => {
      assert(value >= range[0] && value <= range[1]);
      assert(index === 0 || value > (values[index - 1] ?? NaN));
    });
  }));
});

Deno.test("ticks are multiples of a step of 1, 2, 2.5 or 5 times a power of ten", () => {
  fc.assert(fc.property(ranges, fc.integer({ min: 4, max: 10 }), (range, n) => {
    const values = roundTicks(range, n).map((tick) => tick.value);
    const apart = ((values[1] ?? NaN) - (values[0] ?? NaN)).toExponential(3);
    const step = Number(apart);
    const [mantissa = ""] = apart.split("e");
    assert(["1.000", "2.000", "2.500", "5.000"].includes(mantissa), mantissa);
    for (const value of values) {
      const multiple = value / step;
      assert(Math.abs(multiple - Math.round(multiple)) < 1e-4);
    }
  }));
});

Deno.test("the text of a tick says its value exactly, and all have as many decimals", () => {
  fc.assert(fc.property(ranges, fc.integer({ min: 4, max: 10 }), (range, n) => {
    const ticks = roundTicks(range, n);
    for (const { value, text } of ticks) assertEquals(Number(text), value);
    const decimals = ticks.map(({ text }) => text.split(".")[1]?.length ?? 0);
    assertEquals(new Set(decimals).size, 1);
  }));
});

Deno.test("very wide and very narrow ranges end, with at most as many ticks as asked", () => {
  for (
    const [near, far] of [
      [0, 1e30],
      [0, 1e-30],
      [0, Number.MIN_VALUE],
      [1e6, 1e6 + 1e-9],
      [-1, 1],
      [0, Number.MAX_VALUE],
    ] as const
  ) {
    const ticks = roundTicks([near, far], 5);
    assert(ticks.length <= 6);
    assert(ticks.every(({ value }) => value >= near && value <= far));
  }
  assertEquals(texts(-1, 1, 4), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
  assertEquals(texts(0, 1e30, 5).at(-1), "1e+30");
});

Deno.test("an empty, descending or endless range is refused", () => {
  for (const range of [[1, 1], [2, 1], [0, Infinity], [NaN, 1]] as const) {
    assertRefused(() => roundTicks(range, 5), "ticks of a scale");
  }
  assertRefused(() => roundTicks([0, 1], 0), "ticks of a scale");
});
