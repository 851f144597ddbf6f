import { describeSpike, spikeOf } from "../../lib/data/depth_spike.ts";
import { joinSurveys, type Survey, surveyMonoid, surveyOf, surveyTable } from "../../lib/data/survey.ts";
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "../std.ts";
import { sampleOf } from "./support.ts";

/** The survey of 40 × 50 depths by their number, 0…1999. */
const surveyBy = (metres: (at: number) => number): Promise<Survey> =>
  surveyOf(sampleOf(40, 50, () => 0, (row, column) => metres(row * 50 + column)));

/** Depths from 1 to 5 m. */
const room = (at: number): number => 1 + at * 0.002;

Deno.test("a third of the pixels at 65.535 m is a spike, and the depth that leaves it out is named", async () => {
  const spike = spikeOf(await surveyBy((at) => at % 3 === 0 ? 65.535 : room(at)));
  assert(spike !== null);
  assertAlmostEquals(spike.share, 667 / 2000, 1e-9);
  assertEquals([spike.metres, spike.rest], [Math.fround(65.535), 5]);
  for (const part of ["33.4 %", "65.535 m", "data.maxDepth=5"]) assertStringIncludes(describeSpike(spike), part);
});

Deno.test("what depths do by nature is no spike: slopes, a wall that fills the picture, a wall behind a room", async () => {
  assertEquals(spikeOf(await surveyBy(room)), null);
  assertEquals(spikeOf(await surveyBy(() => 4)), null);
  assertEquals(spikeOf(await surveyBy((at) => at < 15 ? 65.535 : room(at))), null, "less than one pixel in a hundred");
  // A tenth lies on the back wall, and as much just before it.
  assertEquals(spikeOf(await surveyBy((at) => at % 10 === 0 ? 5 : at % 10 === 1 ? 4.9 : room(at) / 2)), null);
  assertEquals(spikeOf(surveyMonoid.empty), null);
});

Deno.test("spikes of samples are joined: only the greatest depth of all counts", async () => {
  const saturated = await surveyBy((at) => at % 2 === 0 ? 65.535 : room(at));
  const clean = await surveyBy(room);
  const spikes = [joinSurveys([saturated, clean]), joinSurveys([clean, saturated, clean])].map(spikeOf);
  assertEquals(spikes.map((spike) => spike?.share.toFixed(3)), ["0.250", "0.167"]);
  const farther = await surveyBy((at) => at === 0 ? 66 : room(at));
  assertEquals(spikeOf(joinSurveys([saturated, farther])), null, "66 m is one pixel only");
});

Deno.test("a survey's table tells of spikes by split, and of what is out of range only where something is", async () => {
  const train = await surveyBy((at) => at % 2 === 0 ? 65.535 : room(at));
  const test = await surveyBy(room);
  const said = surveyTable("rooms", { train, test });
  assertStringIncludes(said, "\ntrain: 50.0 % of the measured pixels");
  assert(!said.includes("\ntest: ") && !said.includes("out of range"));
  const bounded = { ...test, outOfRange: 500 };
  assertStringIncludes(surveyTable("rooms", { train: bounded, test }), "out of range    20.0 %    0.0 %");
});
