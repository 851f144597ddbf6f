import {
  contentOf,
  duplicatesIn,
  type Survey,
  surveyMonoid,
  surveyOf,
  surveyUnreadable,
} from "../../lib/data/survey.ts";
import { failure } from "../../lib/errors.ts";
import { assertEquals, assertNotEquals } from "../std.ts";
import { sampleOf } from "./support.ts";

const depths = [[0, 0.4, 0.5], [2.74, 0, 9.99]];
const sample = sampleOf(2, 3, (row, column) => 10 * row + column, (row, column) => depths[row]?.[column] ?? NaN);
const other = { ...sampleOf(1, 1, () => 7, () => 0.75), name: "other", scene: null, intrinsics: null };
const problem = failure("format", "c.png", "nothing", "a picture");
const unreadable = surveyUnreadable({ name: "c.png", scene: null, where: "list.csv, line 3" }, problem);

Deno.test("a survey counts what is measured and leaves holes out", async () => {
  const survey = await surveyOf(sample);
  assertEquals([survey.samples, survey.pixels, survey.valid, survey.cameras], [1, 6, 4, 1]);
  assertEquals([survey.nearest, survey.farthest], [Math.fround(0.4), Math.fround(9.99)]);
  assertEquals([...survey.histogram].sort(([a], [b]) => a - b), [[0, 1], [1, 1], [5, 1], [19, 1]]);
  assertEquals([[...survey.scenes], [...survey.sizes]], [[["kitchen", 1]], [["3×2", 1]]]);
});

Deno.test("surveys join in any grouping, and the empty one changes nothing", async () => {
  const [a, b] = [await surveyOf(sample), await surveyOf(other)];
  const { concat, empty } = surveyMonoid;
  const all = concat(concat(a, b), unreadable);
  assertEquals(concat(a, concat(b, unreadable)), all);
  assertEquals([concat(empty, all), concat(all, empty)], [all, all]);
  assertEquals([all.samples, all.pixels, all.valid, all.cameras, all.unreadable.length], [2, 7, 5, 1, 1]);
  assertEquals([all.scenes.get(""), all.scenes.get("kitchen"), all.histogram.get(1)], [1, 1, 2]);
});

Deno.test("samples of the same image and depth are duplicates, whatever they are called", async () => {
  const again = { ...sample, name: "again" };
  const changed = { ...sample, depth: { ...sample.depth, metres: sample.depth.metres.map((z) => z && z + 0.001) } };
  const surveys: Survey[] = await Promise.all([sample, other, again, changed].map(surveyOf));
  assertEquals(duplicatesIn(surveys.reduce(surveyMonoid.concat)), [["made for a test", "again"]]);
  assertNotEquals(await contentOf(changed), await contentOf(sample));
});
