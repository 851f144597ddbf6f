/**
 * The module of PyTorch that `convert --pytorch-module` writes. No test here runs PyTorch; where it is,
 *
 *     deno task convert --pytorch-module cliffnet.py && python3 cliffnet.py
 *
 * compares it with the published network's depth, and must be run before a new digest of its text is recorded below.
 */
import { openDevice } from "../../lib/backend/device.ts";
import { resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { cliffNet, cliffNetOn } from "../../lib/cliffnet/network.ts";
import { orThrow } from "../../lib/errors.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { toPublished } from "../../lib/weights/convert.ts";
import { pytorchModule, type PytorchOptions } from "../../lib/weights/pytorch_module.ts";
import { readPublishedShapes, referencePresent } from "../parity/reference.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { failing, namesIn, succeeding, withFolder } from "../tasks/support.ts";
import { fileOf, storedVariables } from "./support.ts";

orThrow(await openDevice("wasm")());

const usual: PytorchOptions = { strideOn: "1x1", preprocessing: "bgr-caffe" };

/** A row of the table: both names, channels in and out, size of the kernel, stride, bias. */
type Row = readonly [string, string | null, number, number, number, number, boolean];

/** The table of layers in a module. */
const rowsOf = (text: string): ReadonlyMap<string, Row> =>
  new Map([...text.matchAll(/^ {4}"(.+)": \((.+)\),$/gm)].map(([, path = "", values = ""]): [string, Row] => [
    path,
    JSON.parse(`[${values.replaceAll("None", "null").replaceAll("False", "false").replaceAll("True", "true")}]`),
  ]));

/** Names and shapes that PyTorch's Conv2d and BatchNorm2d give to a state dict. */
const stateDictOf = (text: string): ReadonlyMap<string, readonly number[]> =>
  new Map([...rowsOf(text).values()].flatMap((
    [convolution, norm, inputs, outputs, kernel, , bias],
  ): readonly (readonly [string, readonly number[]])[] => [
    [`${convolution}.weight`, [outputs, inputs, kernel, kernel]],
    ...(bias ? [[`${convolution}.bias`, [outputs]] as const] : []),
    ...(norm === null ? [] : [
      ...["weight", "bias", "running_mean", "running_var"].map((leaf) => [`${norm}.${leaf}`, [outputs]] as const),
      [`${norm}.num_batches_tracked`, []] as const,
    ]),
  ]));

const sorted = <T>(entries: Iterable<readonly [string, T]>) =>
  [...entries].toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);

/** The text's SHA-256, of which the first digits are enough. */
const digestOf = async (text: string): Promise<string> => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash).slice(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

Deno.test("the published network's module is the one that was tried in PyTorch", async () => {
  const text = pytorchModule(cliffNet(), usual);
  assertEquals(await digestOf(text), "bb97f0e4700c");
  const shapes = stateDictOf(text);
  assertEquals([rowsOf(text).size, shapes.size], [73, 446]);
  const learned = [...shapes].filter(([name]) => !/running_|num_batches/.test(name));
  assertEquals(learned.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0), 36_892_481);
  assertStringIncludes(text, "EXPECTED = (-1.1064391570860728, 1.1706398937771656, -2.0180923289519117, 0.4712114947");
  assertStringIncludes(text, "SPDX-License-Identifier: MIT");
  assert(text.split("\n").length < 260);
});

Deno.test({
  name: "its state dict has the published names and shapes",
  ignore: !referencePresent,
  fn: async () => {
    const found = [...stateDictOf(pytorchModule(cliffNet(), usual))];
    // Counters have no values by the formula of the reference, which leaves them out.
    const filled = found.filter(([name]) => !name.endsWith("num_batches_tracked"));
    const plain = (entries: Iterable<readonly [string, readonly number[]]>) =>
      sorted(entries).map(([name, shape]) => [name, [...shape]]);
    assertEquals(plain(filled), plain(await readPublishedShapes()));
  },
});

for (const depth of [18, 34, 50, 101] as const) {
  Deno.test(`the state dict of a network on ResNet-${depth} is what convert --names published writes`, async () => {
    const { backbone, channels } = resNetOfWidth(depth, 4, "3x3");
    const network = cliffNetOn(backbone, channels, 6);
    const text = pytorchModule(network, { strideOn: "3x3", preprocessing: "rgb-imagenet" });
    const tensors = await storedVariables(network.init(keyOf(1)));
    const names = new Map(tensors.map(({ name }) => [name, name]));
    const weights = {
      file: await fileOf(tensors),
      names,
      ...{ title: "own", kind: "depth", prefix: "", leftOut: [] } as const,
    };
    const written = toPublished(weights, 0).tensors.map(({ entry: { name, shape } }) => [name, [...shape]] as const);
    assertEquals(
      sorted(stateDictOf(text)).map(([name, shape]) => [name, [...shape]]),
      sorted(written).map(([name, shape]) => [name, shape]),
    );
    assertStringIncludes(text, "EXPECTED = None");
    assertStringIncludes(text, "[0.485, 0.456, 0.406]");
  });
}

Deno.test("the size is halved five times, at the convolution that the variant says", () => {
  const strided = (strideOn: "1x1" | "3x3", depth: 18 | 50): readonly string[] => {
    const { backbone, channels } = resNetOfWidth(depth, 4, strideOn);
    const rows = rowsOf(pytorchModule(cliffNetOn(backbone, channels, 6), { ...usual, strideOn }));
    return [...rows].flatMap(([path, row]) => row[5] === 2 ? [path.replace(/^backbone\/stage\d\/block1\//, "")] : []);
  };
  const three = <T>(value: T) => [value, value, value];
  assertEquals(strided("1x1", 50).toSorted(), ["backbone/stem", ...three("reduce"), ...three("shortcut")]);
  assertEquals(strided("3x3", 50).toSorted(), ["backbone/stem", ...three("shortcut"), ...three("spatial")]);
  assertEquals(strided("1x1", 18).toSorted(), ["backbone/stem", ...three("first"), ...three("shortcut")]);
});

Deno.test("convert writes the module, alone or of a checkpoint, and refuses what has no published names", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/cliffnet.py`;
    assertStringIncludes(await succeeding("convert", "--pytorch-module", path), path);
    assertEquals(await Deno.readTextFile(path), pytorchModule(cliffNet(), usual));
    const sum = ["--set", "network.fusion=sum", "--pytorch-module", `${folder}/sum.py`];
    assertStringIncludes(await failing(1, "convert", ...sum), '"sum"');
    assertStringIncludes(await failing(2, "convert", "--list", "--pytorch-module", path), "--list");
    assertEquals(namesIn(folder), ["cliffnet.py"]);
    const depth18 = ["--set", "backbone.layers=18", "--pytorch-module", `${folder}/18.py`];
    await succeeding("convert", ...depth18);
    assertStringIncludes(await Deno.readTextFile(`${folder}/18.py`), 'PARTS = ("first", "second")');
  });
});
