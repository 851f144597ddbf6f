/** Files that PyTorch wrote, which lie beside the repository; the tests are skipped where they are missing. */
import fc from "fast-check";
import { orThrow } from "../../lib/errors.ts";
import { openSource } from "../../lib/formats/byte_source.ts";
import { type Dtype, dtypeSize } from "../../lib/formats/bytes.ts";
import { readTorchFile } from "../../lib/formats/open_tensor_file.ts";
import { float32Values, type StoredTensor, type TensorFile } from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { leftOf } from "./support.ts";
import { assertSound, mutated } from "./torch_support.ts";

interface Expected {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

const folder = new URL("../../../shared/parity/torch/", import.meta.url);

const exists = async (path: URL | string): Promise<boolean> => {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
};

const ignore = !(await exists(folder));
if (ignore) console.log(`skipped: there are no files of PyTorch in ${fromFileUrl(folder)}`);

const pathOf = (name: string): string => fromFileUrl(new URL(name, folder));

const openFile = async (name: string): Promise<TensorFile> =>
  orThrow(await readTorchFile(orThrow(await openSource(pathOf(name))()))());

const dtypes: Readonly<Record<string, Dtype>> = {
  float32: "F32",
  float64: "F64",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  uint8: "U8",
  bool: "BOOL",
};

/** The values exactly: those of 8 bytes as what they are, the others as 32-bit floats, which hold them all. */
const exactValues = (tensor: StoredTensor): readonly (number | string)[] => {
  const { dtype, bytes } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = Array.from({ length: bytes.length / dtypeSize[dtype] }, (_, i) => i * 8);
  if (dtype === "F64") return places.map((at) => view.getFloat64(at, true));
  return dtype === "I64" ? places.map((at) => String(view.getBigInt64(at, true))) : [...float32Values(tensor)];
};

for (const [name, format] of [["zip.pth", "PyTorch (zip)"], ["legacy.pth", "PyTorch (before 1.6)"]] as const) {
  Deno.test({
    name: `every tensor of ${name} has PyTorch's type, shape and values`,
    ignore,
    fn: async () => {
      const expected: Readonly<Record<string, Expected>> = JSON.parse(
        await Deno.readTextFile(pathOf("expected.json")),
      );
      const file = await openFile(name);
      assertEquals(file.format, format);
      assertEquals(file.entries.map((entry) => entry.name), Object.keys(expected));
      for (const entry of file.entries) {
        const tensor = orThrow(await file.read(entry.name)());
        const { dtype = "", shape, values } = expected[entry.name] ?? {};
        assertEquals(entry, { name: entry.name, dtype: dtypes[dtype] ?? "F32", shape: shape ?? [] });
        assertEquals([tensor.name, tensor.dtype, tensor.shape], [entry.name, entry.dtype, entry.shape]);
        assertEquals(exactValues(tensor), values);
      }
    },
  });
}

Deno.test({
  name: "a training checkpoint lists its tensors and values under their paths",
  ignore,
  fn: async () => {
    const file = await openFile("heg-s-published-form.pth");
    const shapes = new Map(file.entries.map(({ name, shape }) => [name, shape]));
    assertEquals(shapes.get("model_state_dict.module.features.3.weight"), [16, 16, 3, 3]);
    assertEquals(shapes.get("optimizer_state_dict.state.0.exp_avg"), [16, 1, 3, 3]);
    assertEquals(new Set(shapes.keys()).size, file.entries.length);
    const values = new Map(file.values.map(({ name, value }) => [name, value]));
    assertEquals(values.get("optimizer_state_dict.param_groups.0.betas.1"), 0.999);
    assertEquals(values.get("epoch"), 98);
    for (const { name } of file.entries) orThrow(await file.read(name)());
  },
});

Deno.test({
  name: "a file that would run a shell command is refused by the command's name, and runs nothing",
  ignore,
  fn: async () => {
    const source = orThrow(await openSource(pathOf("malicious.pth"))());
    const problem = leftOf(await readTorchFile(source)());
    assertEquals(problem.kind, "format");
    assertStringIncludes(problem.found, '"posix.system"');
    assertStringIncludes(problem.advice ?? "", "torch.save(model.state_dict()");
    assert(!(await exists("pwned-by-pickle")));
    assert(!(await exists(new URL("pwned-by-pickle", folder))));
  },
});

Deno.test({
  name: "damaged copies of PyTorch's files give values or failures",
  ignore,
  fn: async () => {
    for (const name of ["zip.pth", "legacy.pth"]) {
      const copies = mutated(await Deno.readFile(pathOf(name)));
      await fc.assert(fc.asyncProperty(copies, assertSound), { numRuns: 600 });
    }
  },
});
