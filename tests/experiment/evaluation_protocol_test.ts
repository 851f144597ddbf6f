import type { Dataset, DepthRange } from "../../lib/data/dataset.ts";
import { splitOf } from "../../lib/data/dataset.ts";
import { scenesDataset } from "../../lib/data/scenes_dataset.ts";
import { E, type TaskEither, TE } from "../../lib/dependencies/fp.ts";
import { type Failure, failure, orThrow } from "../../lib/errors.ts";
import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import { evaluateData } from "../../lib/experiment/evaluation.ts";
import { clippingNotes, learningNotes } from "../../lib/experiment/evaluation_notes.ts";
import { configuredProtocol, protocolFor } from "../../lib/experiment/evaluation_protocol.ts";
import { type Listener, silent } from "../../lib/train/listener.ts";
import { ownSize } from "../../lib/metrics/protocols.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { sampleOf } from "../data/support.ts";

const lost: TaskEither<Failure, never> = TE.left(failure("missing", "a.png", "nothing", "a picture"));

const splitAt = (depths: readonly (number | null)[]) =>
  splitOf(depths.map((metres, at) => ({
    ...{ name: `${at}`, scene: null, where: `${at}` },
    read: metres === null ? lost : TE.right(sampleOf(4, 4, () => 0, (row, column) => row + column === 0 ? metres : 1)),
  })));

/** Open data whose maps are 1 m away but for one pixel each; null for a sample that cannot be read. */
const dataOf = (train: readonly (number | null)[], test: readonly number[], range: DepthRange | null = null) => {
  const original: Dataset = { name: "rooms", scenes: [], train: splitAt(train), test: splitAt(test), range };
  return {
    original,
    resized: original,
    onUnreadable: "fail",
    augmented: () => original.train.read,
    skipped: () => [],
    close: () => {},
  } as const;
};

const evaluationOf = (fields: Readonly<Record<string, unknown>>) =>
  orThrow(decodeConfiguration("test", { evaluation: fields })).evaluation;

/** The range that predictions are clipped to by some fields, what was said, and what is remembered. */
const clipOf = async (
  data: Parameters<typeof protocolFor>[1],
  fields: Readonly<Record<string, unknown>> = {},
  known: number | null = null,
) => {
  const heard: string[] = [];
  const listener: Listener = { ...silent, message: (line) => heard.push(line) };
  const result = await protocolFor(configuredProtocol(evaluationOf(fields)), data, listener, known)();
  const { protocol: { clip: { near, far }, name }, farthest } = orThrow(result);
  return { range: [near, far], name, farthest, heard };
};

Deno.test("data without a range are clipped up to the farthest depth of their training split, which is told", async () => {
  const { range, name, farthest, heard } = await clipOf(dataOf([3, null, 69.9941, 5], [90]));
  assertEquals([range, name, farthest], [[1e-3, 70], "own-size", 70]);
  for (const part of ["70 m", "4 training samples", "evaluation.far"]) assertStringIncludes(heard.join(), part);
  assertEquals((await clipOf(dataOf([], [90.005]))).range, [1e-3, 90.01], "the test split where there is no other");
  assertEquals((await clipOf(dataOf([0.999], [90]))).range, [1e-3, 1]);
});

Deno.test("what is known, configured or published is not measured, and nothing is said", async () => {
  const unread = dataOf([null], [1]);
  assertEquals((await clipOf(unread, {}, 42.5)).range, [1e-3, 42.5]);
  assertEquals((await clipOf(unread, { far: 7 })).range, [1e-3, 7]);
  assertEquals((await clipOf(dataOf([70], [1], { near: 0.5, far: 80 }))).range, [0.5, 80]);
  assertEquals((await clipOf(dataOf([70], [1]), { protocol: "cliffnet" })).range, [1e-3, 10]);
  const quiet = await clipOf(dataOf([70], [1]), { protocol: "cityscapes-80m" });
  assertEquals([quiet.range, quiet.farthest, quiet.heard], [[1e-3, 80], null, []]);
});

Deno.test("an end that is configured wins, the other one is that of the data", async () => {
  const near = await clipOf(dataOf([70], [1]), { near: 0.2 });
  assertEquals([near.range, near.name, near.farthest], [[0.2, 70], "own-size, clipped otherwise", 70]);
  const open = await clipOf(dataOf([70], [1], { near: 2, far: Infinity }));
  assertEquals([open.range, open.farthest], [[2, 70], 70]);
  const senseless = await protocolFor(
    configuredProtocol(evaluationOf({ near: 2, far: 1 })),
    dataOf([1], [1]),
    silent,
  )();
  assert(E.isLeft(senseless) && senseless.left.kind === "configuration");
});

Deno.test("built-in scenes are clipped to 10 m, as they have been", async () => {
  const scenes = scenesDataset({ height: 32, width: 40, seed: 0, noise: false, holes: false, train: 1, test: 1 });
  assertEquals((await clipOf({ original: scenes, resized: scenes })).range, [1e-3, 10]);
});

/** Data at 70 m are evaluated as predicted `metres` away. */
const evaluated = async (metres: number, far = 70, protocol = ownSize) => {
  const predict = () => TE.right({ height: 4, width: 4, metres: new Float32Array(16).fill(metres) });
  return await evaluateData(dataOf([far], [far]), predict, protocol, silent)();
};

Deno.test("data are evaluated in their range by whoever evaluates, and by any other range as it is given", async () => {
  const clipOfAll = async (protocol = ownSize) => orThrow(await evaluated(60, 70, protocol)).protocol.clip.far;
  assertEquals(await clipOfAll(), 70);
  assertEquals(await clipOfAll({ ...ownSize, clipsToData: false }), 10);
});

Deno.test("a prediction that is no number names who predicted it", async () => {
  const result = await evaluated(NaN);
  assert(E.isLeft(result));
  assertEquals([result.left.kind, result.left.where], ["numeric", "made for a test, as predicted by the network"]);
});

Deno.test("what was clipped is said from one pixel in a hundred on, and ground truth out of range once", async () => {
  const fixed = { ...ownSize, clipsToData: false };
  const [out, within] = [orThrow(await evaluated(60, 70, fixed)), orThrow(await evaluated(2, 70, fixed))];
  const notes = clippingNotes([["CLIFFNet", out], ["constant 2.00 m", within]]);
  assertEquals(notes.length, 2);
  for (const part of ["100.0 %", "CLIFFNet", "0.001…10 m"]) assertStringIncludes(notes[0] ?? "", part);
  for (const part of ["6.3 %", "ground truth", "evaluation.far"]) assertStringIncludes(notes[1] ?? "", part);
  assertEquals(clippingNotes([["CLIFFNet", orThrow(await evaluated(2, 9))]]), []);
});

Deno.test("a network that is no better than the constant has not learned, and one that is has", async () => {
  const [good, bad] = [orThrow(await evaluated(1)), orThrow(await evaluated(3))];
  assertEquals(learningNotes(good, bad), []);
  for (const notes of [learningNotes(bad, good), learningNotes(good, good)]) {
    assertEquals(notes.length, 1);
    for (const part of ["has not learned", "optim.lr", "training.steps"]) assertStringIncludes(notes[0] ?? "", part);
  }
});
