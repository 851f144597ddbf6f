import { E, TE } from "../../lib/dependencies/fp.ts";
import { describe, failure } from "../../lib/errors.ts";
import { assert, assertEquals, assertStringIncludes, join } from "../std.ts";
import { withFolder } from "../tasks/support.ts";
import type { Format } from "./format.ts";
import { formats } from "./formats.ts";
import { fileOf, fuzz } from "./fuzz.ts";

Deno.test("the sound files of every format are decoded", () =>
  withFolder(async (folder) => {
    for (const { name, sound, decode } of formats) {
      for (const bytes of await sound()) {
        const answer = await decode(name, bytes, folder)();
        assert(E.isRight(answer), E.isLeft(answer) ? `${name}: ${describe(answer.left)}` : "");
      }
    }
  }));

Deno.test("damaged files of every format give values or words, in a second of trying", () =>
  withFolder(async (folder) => {
    for (const format of formats) {
      // Where other tests run beside it, a file may wait for its turn.
      const report = await fuzz(format, { seconds: 1 / formats.length, seed: 1, most: 20_000, folder });
      assertEquals(report.faults.map(({ index, what }) => `${format.name} ${index}: ${what}`), []);
      assertEquals(report.decoded + report.refused, report.tried);
      assert(report.tried > 0);
    }
  }));

const planted = (decode: Format["decode"]): Format => ({
  name: "planted",
  sound: () => Promise.resolve([new TextEncoder().encode("sound")]),
  decode,
});

Deno.test("what throws, is no number, is too large or is no message is found, once of each kind, and made again", () =>
  withFolder(async (folder) => {
    const value = (size: number, number: number) => TE.right({ size, numbers: [[number]] });
    const cases: readonly (readonly [Format["decode"], string])[] = [
      [() => () => Promise.reject(new TypeError("a bug")), "thrown: TypeError: a bug"],
      [() => value(8, NaN), "the number NaN"],
      [() => value(8, Infinity), "the number Infinity"],
      [() => value(2 ** 29, 1), "values of 536870912 bytes"],
      [() => TE.left(failure("format", "sample a.undefined", "x", "y")), "a place that is none"],
    ];
    for (const [decode, what] of cases) {
      const format = planted(decode);
      const { faults, tried } = await fuzz(format, { seconds: 0.02, seed: 7, folder });
      assertEquals(faults.length, 1);
      assertStringIncludes(faults[0]?.what ?? "", what);
      assert(tried > 1);
      const again = await fuzz(format, { seconds: 9, seed: 7, only: faults[0]?.index, folder });
      assertEquals([again.tried, again.faults[0]?.bytes], [1, faults[0]?.bytes]);
    }
  }));

Deno.test("the same seed and number give the same file, and others another one", async () => {
  for (const format of formats) {
    const sound = await format.sound();
    const of = (seed: number, index: number) => fileOf(format, sound, seed, index);
    assertEquals(of(3, 5), of(3, 5));
    const files = new Set(Array.from({ length: 20 }, (_, index) => of(3, index).join()));
    assert(
      files.size > 10 && !Array.from({ length: 20 }, (_, index) => of(4, index).join()).every((f) => files.has(f)),
    );
  }
});

const odd = new URL("../../../shared/cases/18-odd-tar-and-npy/", import.meta.url).pathname;

const oddFiles = (() => {
  try {
    return [...Deno.readDirSync(odd)].map(({ name }) => name).filter((name) => name.endsWith(".bin"));
  } catch {
    return [];
  }
})();

for (const name of oddFiles) {
  // Whatever decoder a file meets; without ../shared there is no such test.
  Deno.test(`${name} of ../shared gives values or words by every decoder`, () =>
    withFolder(async (folder) => {
      const bytes = await Deno.readFile(join(odd, name));
      for (const format of formats) {
        const decode: Format["decode"] = (file, _, where) => format.decode(file, bytes, where);
        const { tried, faults } = await fuzz({ ...format, decode }, { seconds: 0, seed: 1, folder });
        assertEquals([tried, faults.map(({ what }) => what)], [1, []], format.name);
      }
    }));
}
