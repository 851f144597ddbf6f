import { type Dataset, splitOf } from "../../lib/data/dataset.ts";
import { TE } from "../../lib/dependencies/fp.ts";
import { orThrow } from "../../lib/errors.ts";
import { checkDepth } from "../../lib/experiment/depth_check.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { sampleOf } from "../data/support.ts";

const size = { height: 20, width: 20 };

/** What is said of 20 samples of this depth, of which some pixels were out of range. */
const saidOf = async (metres: (at: number) => number, outOfRange = 0): Promise<readonly string[]> => {
  const sample = { ...sampleOf(20, 20, () => 0, (row, column) => metres(20 * row + column)), outOfRange };
  const entry = { name: "a", scene: null, where: "a", read: TE.right(sample) };
  const train = splitOf(Array.from({ length: 20 }, () => entry));
  const data: Dataset = { name: "rooms", scenes: [], train, test: splitOf([]) };
  const heard: string[] = [];
  orThrow(await checkDepth({ original: data, resized: data }, size, { message: (line) => heard.push(line) })());
  return heard;
};

const slope = (at: number): number => 1 + at / 200;

Deno.test("depth as it should be is not spoken of", async () => {
  assertEquals(await saidOf(slope), []);
  assertEquals(await saidOf((at) => at < 5 ? slope(at) : 0), [], "five pixels of 400 are more than one in a hundred");
});

Deno.test("hardly any depth, much out of range, and a spike are said before anything is trained", async () => {
  const [few] = await saidOf((at) => at < 3 ? slope(at) : 0);
  for (const part of ["8 training samples", "0.75 %", "20×20", "data.height"]) assertStringIncludes(few ?? "", part);
  const [outside] = await saidOf(slope, 100);
  for (const part of ["20 %", "out of range", "data.maxDepth"]) assertStringIncludes(outside ?? "", part);
  const [spike] = await saidOf((at) => at % 4 === 0 ? 65.535 : slope(at));
  for (const part of ["25.0 %", "65.535 m", "data.maxDepth=3"]) assertStringIncludes(spike ?? "", part);
});

Deno.test("no training samples are no fault of their depth", async () => {
  const data: Dataset = { name: "rooms", scenes: [], train: splitOf([]), test: splitOf([]) };
  orThrow(await checkDepth({ original: data, resized: data }, size, { message: () => {} })());
});
