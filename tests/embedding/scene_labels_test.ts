/** Which samples a classifier of scenes learns from and is tested by, from their entries alone: nothing is read. */
import { type Dataset, type Split, splitOf } from "../../lib/data/dataset.ts";
import { subsetOf } from "../../lib/data/split.ts";
import { E, TE } from "../../lib/dependencies/fp.ts";
import { describeGenerator } from "../../lib/embedding/generators.ts";
import { labelledSamples } from "../../lib/embedding/scene_labels.ts";
import { failure, orThrow } from "../../lib/errors.ts";
import { assert, assertEquals, assertThrows } from "../std.ts";

/** A split of samples of these scenes, none of which may be read. */
const splitWith = (scenes: readonly (string | null)[], part: string): Split =>
  splitOf(scenes.map((scene, at) => ({
    ...{ name: `${part} ${at}`, scene, where: `${part} ${at}` },
    read: TE.left(failure("data", `${part} ${at}`, "a reader", "nobody who reads")),
  })));

const datasetOf = (train: readonly (string | null)[], test: readonly (string | null)[]): Dataset => ({
  name: "list.csv",
  scenes: [...new Set(train.filter((scene) => scene !== null))].sort(),
  train: splitWith(train, "train"),
  test: splitWith(test, "test"),
});

const namesOf = (split: Split): readonly string[] =>
  Array.from({ length: split.size }, (_, at) => split.entry(at).name);

const labelled = (train: readonly (string | null)[], test: readonly (string | null)[]) =>
  orThrow(labelledSamples("HEG-S", datasetOf(train, test)));

Deno.test("where all scenes are known, all samples are used, and the splits stay as they are", () => {
  const dataset = datasetOf(["a", "b", "a"], ["b", "a"]);
  const { trained, tested, leftOut, unlabelled, heldOut } = orThrow(labelledSamples("HEG-S", dataset));
  assertEquals([trained, leftOut, unlabelled, heldOut], [[0, 1, 2], 0, 0, 0]);
  assert(tested === dataset.test && subsetOf(dataset.train, trained) === dataset.train);
});

Deno.test("test samples without a scene, or of one that training does not have, are left out and counted", () => {
  const { trained, tested, leftOut, heldOut } = labelled(["a", "b"], ["c", "a", null, "b", "c"]);
  assertEquals([trained, namesOf(tested), leftOut, heldOut], [[0, 1], ["test 1", "test 3"], 3, 0]);
});

Deno.test("training samples without a scene are not learned from, and counted", () => {
  const { trained, unlabelled } = labelled([null, "a", "b", null], ["a"]);
  assertEquals([trained, unlabelled], [[1, 2], 2]);
});

Deno.test("if no test sample is left, the last tenth of each scene is held out from training, always the same", () => {
  const train = [...Array.from({ length: 20 }, () => "a"), ...Array.from({ length: 4 }, () => "b"), "c"];
  for (const test of [["x", "y"], [null]]) {
    const { trained, tested, leftOut, heldOut } = labelled(train, test);
    // Two of twenty, at least one of four, and none of a scene that has but one.
    assertEquals(namesOf(tested), ["train 18", "train 19", "train 23"]);
    assertEquals([heldOut, leftOut, trained.length], [3, test.length, train.length - 3]);
    assertEquals(trained.filter((at) => [18, 19, 23].includes(at)), []);
  }
});

Deno.test("an empty test split holds nothing out: that was asked for", () => {
  const { trained, tested, heldOut } = labelled(["a", "b", "a"], []);
  assertEquals([trained.length, tested.size, heldOut], [3, 0, 0]);
});

Deno.test("fewer than two scenes to learn are refused, whatever the test split has", () => {
  for (const train of [["a", "a"], [null, null], ["a", null]]) {
    const result = labelledSamples("HEG-S", datasetOf(train, ["a", "b", "c"]));
    assert(E.isLeft(result));
    assertEquals([result.left.kind, result.left.where], ["data", "list.csv"]);
  }
});

Deno.test("a part of a split keeps the order of an epoch, without what is not of it", () => {
  const whole: Split = { ...splitWith(["a", "b", "c", "d"], "train"), order: () => Uint32Array.of(3, 1, 0, 2) };
  const part = subsetOf(whole, [0, 2, 3]);
  assertEquals(part.order?.([0, 0]), Uint32Array.of(2, 0, 1));
  assertEquals(namesOf(part), ["train 0", "train 2", "train 3"]);
  assert(assertThrows(() => part.entry(3)) instanceof RangeError);
});

Deno.test("what is left out is said in words", () => {
  const report = { accuracy: 0.5, mostFrequent: 0.25 };
  const said = (counts: Readonly<Record<string, number>>) => describeGenerator("scene", { ...report, ...counts }, "f");
  const plain = "HEG-S recognizes 50 % of the test scenes (the most frequent scene: 25 %)";
  assertEquals(said({}), plain);
  assertEquals(said({ leftOut: 3 }), `${plain}; left out are 3 test samples of no scene that training has`);
  assertEquals(said({ unlabelled: 2 }), `${plain}; 2 training samples without a scene were not learned from`);
  const heldOut = said({ leftOut: 3, heldOut: 4 });
  for (const part of ["4 held-out training samples", "none of the 3 test samples has a scene of training"]) {
    assert(heldOut.includes(part), heldOut);
  }
  const untested = describeGenerator("scene", { accuracy: NaN, mostFrequent: NaN, leftOut: 3 }, "f");
  assert(untested.includes("was not tested: none of the 3 test samples"), untested);
});
