import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { float32Values, storedFloat32 } from "../../lib/formats/tensor_file.ts";
import { assert, assertEquals, assertStringIncludes, join } from "../std.ts";
import { leftOf, rightOf } from "./support.ts";
import { matrix, named, torchZip, weights } from "./torch_support.ts";

const shard = (...tensors: readonly (readonly [string, readonly number[]])[]): Uint8Array =>
  encodeSafetensors(
    tensors.map(([name, values]) => storedFloat32(name, [values.length], Float32Array.from(values))),
    { format: "pt" },
  );

const [first, second] = ["model-00001-of-00002.safetensors", "parts/model-00002-of-00002.safetensors"];

const whole = { "layer.a": first, "layer.b": second, "layer.c": first };

/** A folder with two shards and an index, which are removed afterwards. */
const withIndex = async (index: unknown, use: (path: string, folder: string) => Promise<void>): Promise<void> => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "parts"));
    await Deno.writeFile(join(folder, first), shard(["layer.a", [1, 2]], ["layer.c", [3]]));
    await Deno.writeFile(join(folder, second), shard(["layer.b", [4, 5, 6]], ["layer.unlisted", [7]]));
    const path = join(folder, "model.safetensors.index.json");
    await Deno.writeTextFile(path, typeof index === "string" ? index : JSON.stringify(index));
    await use(path, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

Deno.test("the tensors of an index are read from its shards, and no others", () =>
  withIndex({ metadata: { total_size: 24 }, weight_map: whole }, async (path) => {
    const file = rightOf(await openTensorFile(path)());
    assertEquals([file.path, file.format, file.metadata], [path, "shards of safetensors", {
      format: "pt",
      total_size: "24",
    }]);
    assertEquals(file.entries.map(({ name }) => name), ["layer.a", "layer.c", "layer.b"]);
    const values = await Promise.all(file.entries.map(({ name }) => file.read(name)()));
    assertEquals(values.map((value) => [...float32Values(rightOf(value))]), [[1, 2], [3], [4, 5, 6]]);
  }));

Deno.test("shards of PyTorch are read likewise", () =>
  withIndex({ weight_map: { t: "pytorch_model-1.bin" } }, async (path, folder) => {
    await Deno.writeFile(join(folder, "pytorch_model-1.bin"), torchZip(named({ t: matrix }), [weights]));
    const file = rightOf(await openTensorFile(path)());
    assertEquals([file.format, file.entries.map(({ name }) => name)], ["shards of PyTorch", ["t"]]);
  }));

Deno.test("a shard that is not there is named, with how many there must be", () =>
  withIndex({ weight_map: whole }, async (path, folder) => {
    await Deno.remove(join(folder, second));
    const problem = leftOf(await openTensorFile(path)());
    assertEquals([problem.kind, problem.where, problem.found], ["missing", join(folder, second), "no such file"]);
    assertStringIncludes(problem.advice ?? "", "all 2 shards");
  }));

Deno.test("tensors that are not in their shard are named", () =>
  withIndex({ weight_map: { ...whole, "layer.d": first, "layer.e": second } }, async (path) => {
    const problem = leftOf(await openTensorFile(path)());
    assertEquals([problem.kind, problem.found], ["format", 'no tensor "layer.d"']);
    assertStringIncludes(problem.where, first);
    assertEquals(problem.details, [`${second}: no tensor "layer.e"`]);
  }));

Deno.test("a shard that is another file is refused as such", () =>
  withIndex({ weight_map: whole }, async (path, folder) => {
    await Deno.writeTextFile(join(folder, first), "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    const problem = leftOf(await openTensorFile(path)());
    assertEquals(problem.where, join(folder, first));
    assertStringIncludes(problem.found, "Git LFS");
    // Nor is an index the shard of another one.
    await Deno.copyFile(path, join(folder, first));
    assertStringIncludes(leftOf(await openTensorFile(path)()).found, "JSON");
  }));

for (const outside of ["../m.safetensors", "/etc/m.safetensors", "a\\..\\..\\m", "C:m", "", 5, null]) {
  Deno.test(`a path that leaves the index's folder is refused: ${JSON.stringify(outside)}`, () =>
    withIndex({ weight_map: { t: outside } }, async (path) => {
      const problem = leftOf(await openTensorFile(path)());
      assertEquals([problem.kind, problem.found], ["format", JSON.stringify(outside)]);
      assert(problem.where.startsWith(path));
    }));
}

Deno.test("JSON that is no index is shown", async () => {
  const texts = [
    '{"error":"Repository not found"}',
    '{"weight_map":[]}',
    '{"weight_map":{}}',
    '{"weight_map":',
    '{\n  "a": 1',
  ];
  for (const text of [...texts, `{"weight_map":${"[".repeat(100_000)}`]) {
    await withIndex(text, async (path) => {
      const problem = leftOf(await openTensorFile(path)());
      assertEquals([problem.kind, problem.where], ["format", path]);
      assertStringIncludes(problem.found, "weight_map");
    });
  }
});
