import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { float32Values, type TensorFile } from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals } from "../std.ts";
import { fromBase64, rightOf } from "./support.ts";
import {
  counting,
  global,
  int,
  matrix,
  named,
  none,
  open,
  ordered,
  raw,
  reference,
  type Steps,
  tensorOf,
  text,
  torchZip,
  truth,
  weights,
  writers,
} from "./torch_support.ts";

/**
 * Values as pickle.dumps of Python 3.11 with NumPy 2.4 writes them in protocols 2 and 5, and what is shown of them under the
 * name "v": numbers, arrays, Namespace, paths, dates, slice and the like, then objects of classes of a module "models".
 */
const written: readonly (readonly [pickle: string, values: readonly (readonly [string, unknown])[]])[] = [
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGY0cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gGAAAAw43DjEw+cQhYBgAAAGxhdGluMXEJhnEKUnELhnEMUnENLg==",
    [["v", Math.fround(0.2)]],
  ],
  [
    "gAWVZgAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDBM3MTD6UhpRSlC4=",
    [["v", Math.fround(0.2)]],
  ],
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGk4cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gQAAAAw7nDv8O/w7/Dv8O/w7/Dv3EIWAYAAABsYXRpbjFxCYZxClJxC4ZxDFJxDS4=",
    [["v", -7]],
  ],
  [
    "gAWVagAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAmk4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDCPn/////////lIaUUpQu",
    [["v", -7]],
  ],
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGIxcQKJiIdxA1JxBChLA1gBAAAAfHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gBAAAAAXEIWAYAAABsYXRpbjFxCYZxClJxC4ZxDFJxDS4=",
    [["v", true]],
  ],
  [
    "gAWVYwAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAmIxlImIh5RSlChLA4wBfJROTk5K/////0r/////SwB0lGJDAQGUhpRSlC4=",
    [["v", true]],
  ],
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAHU4cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gQAAAAw7/Dv8O/w7/Dv8O/w7/Dv3EIWAYAAABsYXRpbjFxCYZxClJxC4ZxDFJxDS4=",
    [["v", 2n ** 64n - 1n]],
  ],
  [
    "gAWVagAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAnU4lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDCP//////////lIaUUpQu",
    [["v", 2n ** 64n - 1n]],
  ],
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpzY2FsYXIKcQBjbnVtcHkKZHR5cGUKcQFYAgAAAGY0cQKJiIdxA1JxBChLA1gBAAAAPHEFTk5OSv////9K/////0sAdHEGYmNfY29kZWNzCmVuY29kZQpxB1gFAAAAAADDgD9xCFgGAAAAbGF0aW4xcQmGcQpScQuGcQxScQ0u",
    [["v", 1.5]],
  ],
  [
    "gAWVZgAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAZzY2FsYXKUk5SMBW51bXB5lIwFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGJDBAAAwD+UhpRSlC4=",
    [["v", 1.5]],
  ],
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwOFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAGk0cQyJiIdxDVJxDihLA1gBAAAAPHEPTk5OSv////9K/////0sAdHEQYoloA1gMAAAAAAAAAAEAAAACAAAAcRFoBYZxElJxE3RxFGIu",
    [["v", "array of int32 [3]: 0, 1, 2"]],
  ],
  [
    "gAWVgAAAAAAAAACME251bXB5Ll9jb3JlLm51bWVyaWOUjAtfZnJvbWJ1ZmZlcpSTlCiWDAAAAAAAAAAAAAAAAQAAAAIAAACUjAVudW1weZSMBWR0eXBllJOUjAJpNJSJiIeUUpQoSwOMATyUTk5OSv////9K/////0sAdJRiSwOFlIwBQ5R0lFKULg==",
    [["v", "array of int32 [3]: 0, 1, 2"]],
  ],
  [
    "gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwRLBYZxCmNudW1weQpkdHlwZQpxC1gCAAAAZjRxDImIh3ENUnEOKEsDWAEAAAA8cQ9OTk5K/////0r/////SwB0cRBiiWgDWFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHERaAWGcRJScRN0cRRiLg==",
    [["v", "array of float32 [4, 5]"]],
  ],
  [
    "gAJjYXJncGFyc2UKTmFtZXNwYWNlCnEAKYFxAX1xAihYAgAAAGxycQNHP1BiTdLxqfxYBQAAAGJhdGNocQRLAksDhnEFWAQAAABuYW1lcQZYAQAAAHhxB3ViLg==",
    [["v.lr", 0.001], ["v.batch.0", 2], ["v.batch.1", 3], ["v.name", "x"]],
  ],
  ["gAWVSQAAAAAAAACMCGFyZ3BhcnNllIwJTmFtZXNwYWNllJOUKYGUfZQojAJscpRHP1BiTdLxqfyMBWJhdGNolEsCSwOGlIwEbmFtZZSMAXiUdWIu", [
    ["v.lr", 0.001],
    ["v.batch.0", 2],
    ["v.batch.1", 3],
    ["v.name", "x"],
  ]],
  ["gAJjcGF0aGxpYgpQdXJlUG9zaXhQYXRoCnEAKFgBAAAAL3EBWAQAAABkYXRhcQJYAwAAAG55dXEDWAUAAABhLnBuZ3EEdHEFUnEGLg==", [[
    "v",
    "/data/nyu/a.png",
  ]]],
  ["gAWVOwAAAAAAAACMB3BhdGhsaWKUjA1QdXJlUG9zaXhQYXRolJOUKIwBL5SMBGRhdGGUjANueXWUjAVhLnBuZ5R0lFKULg==", [[
    "v",
    "/data/nyu/a.png",
  ]]],
  ["gAJjcGF0aGxpYgpQdXJlUG9zaXhQYXRoCnEAWAEAAABhcQFYAQAAAGJxAoZxA1JxBC4=", [["v", "a/b"]]],
  ["gAJjcGF0aGxpYgpQdXJlV2luZG93c1BhdGgKcQBYAwAAAEM6XHEBWAQAAABkYXRhcQJYBQAAAGEucG5ncQOHcQRScQUu", [[
    "v",
    "C:\\data\\a.png",
  ]]],
  [
    "gAJjZGF0ZXRpbWUKZGF0ZXRpbWUKcQBjX2NvZGVjcwplbmNvZGUKcQFYDAAAAAfDqAIdDQUJAADDunECWAYAAABsYXRpbjFxA4ZxBFJxBYVxBlJxBy4=",
    [["v", "2024-02-29 13:05:09.000250"]],
  ],
  ["gAWVKgAAAAAAAACMCGRhdGV0aW1llIwIZGF0ZXRpbWWUk5RDCgfoAh0NBQkAAPqUhZRSlC4=", [["v", "2024-02-29 13:05:09.000250"]]],
  ["gAJjZGF0ZXRpbWUKZGF0ZQpxAGNfY29kZWNzCmVuY29kZQpxAVgFAAAAB8OPDB9xAlgGAAAAbGF0aW4xcQOGcQRScQWFcQZScQcu", [[
    "v",
    "1999-12-31",
  ]]],
  ["gAJjZGF0ZXRpbWUKdGltZQpxAGNfY29kZWNzCmVuY29kZQpxAVgGAAAAAQIDAAAAcQJYBgAAAGxhdGluMXEDhnEEUnEFhXEGUnEHLg==", [[
    "v",
    "01:02:03",
  ]]],
  ["gAJjZGF0ZXRpbWUKdGltZWRlbHRhCnEASwFLAksDh3EBUnECLg==", [["v", "timedelta(1, 2, 3)"]]],
  ["gAJjX19idWlsdGluX18Kc2xpY2UKcQBLAEsKTodxAVJxAi4=", [["v", "slice(0, 10, None)"]]],
  ["gAJjX19idWlsdGluX18KY29tcGxleApxAEc/8AAAAAAAAEfAAAAAAAAAAIZxAVJxAi4=", [["v", "complex(1, -2)"]]],
  ["gAJjY29sbGVjdGlvbnMKZGVxdWUKcQApSwWGcQFScQIoSwFLAmUu", [["v.0", 1], ["v.1", 2]]],
  ["gAWVJgAAAAAAAACMC2NvbGxlY3Rpb25zlIwFZGVxdWWUk5QpSwWGlFKUKEsBSwJlLg==", [["v.0", 1], ["v.1", 2]]],
  ["gAJjY29sbGVjdGlvbnMKQ291bnRlcgpxAH1xAShYAQAAAGFxAksCWAEAAABicQNLAXWFcQRScQUu", [["v.a", 2], ["v.b", 1]]],
  ["gAWVLwAAAAAAAACMC2NvbGxlY3Rpb25zlIwHQ291bnRlcpSTlH2UKIwBYZRLAowBYpRLAXWFlFKULg==", [["v.a", 2], ["v.b", 1]]],
  ["gAJjZGVjaW1hbApEZWNpbWFsCnEAWAQAAAAxLjEwcQGFcQJScQMu", [["v", 'Decimal("1.10")']]],
  ["gAJjdHlwZXMKU2ltcGxlTmFtZXNwYWNlCnEAKVJxAX1xAlgBAAAAYXEDSwFzYi4=", [["v.a", 1]]],
  ["gAJjbW9kZWxzCk5UCnEASwFLAoZxAYFxAi4=", [["v", "NT(1, 2)"]]],
  ["gAJjbW9kZWxzClNsb3RzCnEAKYFxAU59cQIoWAEAAAB4cQNLAVgBAAAAeXEEWAMAAAB0d29xBXWGcQZiLg==", [["v.x", 1], [
    "v.y",
    "two",
  ]]],
  ["gAJjbW9kZWxzCkVhc3lEaWN0CnEAKYFxAVgCAAAAbHJxAkc/uZmZmZmZmnN9cQMoaAJHP7mZmZmZmZpYAwAAAG93bnEEiHViLg==", [[
    "v.lr",
    0.1,
  ], ["v.own", true]]],
  ["gAWVQAAAAAAAAACMBm1vZGVsc5SMCEVhc3lEaWN0lJOUKYGUjAJscpRHP7mZmZmZmZpzfZQoaARHP7mZmZmZmZqMA293bpSIdWIu", [[
    "v.lr",
    0.1,
  ], ["v.own", true]]],
  ["gAJjbW9kZWxzClRleHQKcQBYAwAAADIuMHEBhXECgXEDLg==", [["v", 'Text("2.0")']]],
  ["gAJjbW9kZWxzClBsYWluCnEAKYFxAX1xAihYAgAAAG1lcQNoAVgBAAAAbnEESwVYBQAAAHRhYmxlcQV9cQZLAVgBAAAAYXEHhnEISwJzdWIu", [[
    "v.n",
    5,
  ], ['v.table.(1, "a")', 2]]],
  ["gAWVPgAAAAAAAACMBm1vZGVsc5SMBVBsYWlulJOUKYGUfZQojAJtZZRoA4wBbpRLBYwFdGFibGWUfZRLAYwBYZSGlEsCc3ViLg==", [
    ["v.n", 5],
    ['v.table.(1, "a")', 2],
  ]],
  ["gAJjbW9kZWxzClBsYWluCnEALg==", []],
];

const shownOf = ({ values }: TensorFile): readonly (readonly [string, unknown])[] =>
  values.map(({ name, value }) => [name, value] as const);

/** The steps of a pickle by itself, without its protocol, its frame and its end. */
const stepsOf = (base64: string): Steps => {
  const bytes = fromBase64(base64);
  return bytes.subarray(bytes[2] === 0x95 ? 11 : 2, -1);
};

Deno.test("beside what Python and NumPy write, tensors are read; the values are shown as numbers and texts", async () => {
  for (const [base64, shown] of written) {
    for (const [, write] of writers) {
      const file = rightOf(await open(write(named({ t: matrix, v: stepsOf(base64) }), [weights])));
      assertEquals(file.entries, [{ name: "t", dtype: "F32", shape: [2, 3] }]);
      assertEquals(float32Values(rightOf(await file.read("t")())).length, 6);
      assertEquals(shownOf(file), shown);
    }
  }
});

Deno.test("as NumPy before 2 names them, they are shown alike", async () => {
  for (const [base64, shown] of written.filter(([base64]) => atob(base64).includes("cnumpy._core"))) {
    const old = raw(atob(base64).slice(2, -1).replaceAll("cnumpy._core", "cnumpy.core"));
    const file = rightOf(await open(torchZip(named({ t: matrix, v: old }), [weights])));
    assertEquals(shownOf(file), shown);
  }
});

const object = (module: string, name: string, state: Steps): Steps => raw(global(module, name), ")\x81", state, "b");

const bias = counting("1", "F32", 2);

const vector = tensorOf(reference(bias), 0, [2], [1]);

Deno.test("tensors inside an object of an unknown class are found by its attributes", async () => {
  const average = object("training", "Average", named({ decay: int(1), shadow: ordered({ "conv.weight": matrix }) }));
  for (const [, write] of writers) {
    const file = rightOf(await open(write(named({ ema: average, bias: vector }), [weights, bias])));
    assertEquals(file.entries.map(({ name }) => name), ["ema.shadow.conv.weight", "bias"]);
    assertEquals(file.values, [{ name: "ema.decay", value: 1 }]);
  }
});

Deno.test("a module that was saved whole has the names of its state dictionary", async () => {
  const module = (parameters: Steps, buffers: Steps, modules: Steps): Steps =>
    object(
      "models",
      "Layer",
      named({
        training: truth(false),
        _parameters: parameters,
        _buffers: buffers,
        _non_persistent_buffers_set: raw(global("builtins", "set"), "](", text("scratch"), "e\x85R"),
        _modules: modules,
      }),
    );
  const inner = module(
    ordered({ weight: matrix, bias: none }),
    ordered({ mean: vector, scratch: vector }),
    ordered({}),
  );
  for (const [, write] of writers) {
    const file = rightOf(
      await open(write(module(ordered({}), ordered({}), ordered({ conv: inner })), [weights, bias])),
    );
    assertEquals(file.entries.map(({ name }) => name), ["conv.weight", "conv.mean"]);
    assertEquals(file.values, []);
  }
});

const cases = new URL("../../../shared/cases/16-checkpoints-with-python-values/", import.meta.url);

const isThere = (() => {
  try {
    return Deno.statSync(cases).isDirectory;
  } catch {
    return false;
  }
})();

Deno.test({
  name: "checkpoints of real trainings with Python's values are read (skipped without ../shared)",
  ignore: !isThere,
  fn: async () => {
    const shown = [["npscalar", ["extra", Math.fround(0.2)]], ["namespace", ["extra.lr", 0.001]]] as const;
    for (const [name, extra] of shown) {
      const file = rightOf(await openTensorFile(new URL(`${name}.pth`, cases).pathname)());
      assertEquals(file.entries, [{ name: "state_dict.layer1.0.conv2.weight", dtype: "F32", shape: [4, 4, 3, 3] }]);
      const values = float32Values(rightOf(await file.read("state_dict.layer1.0.conv2.weight")()));
      assert(values.length === 144 && values.every(Number.isFinite));
      assertEquals(shownOf(file), [["epoch", 3], extra]);
    }
  },
});
