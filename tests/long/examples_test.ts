// The scripts in docs/examples are what users begin with: each runs, and says what it should.
import { orThrow } from "../../lib/errors.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { failing, pngOf, succeeding, withFolder } from "../tasks/support.ts";

const root = new URL("../../", import.meta.url);
const fixture = fromFileUrl(new URL("tests/fixtures/0.1.0/checkpoint.safetensors", root));

/** Runs an example as a user does; gives what it printed. */
const run = async (name: string, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--quiet", "--allow-read", "--allow-write", `docs/examples/${name}`, ...args],
    cwd: fromFileUrl(root),
    env: { DENO_WEBGPU_BACKEND: "none", NO_COLOR: "1" },
  }).output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals([code, err], [0, ""]);
  return out;
};

const names = [...Deno.readDirSync(new URL("docs/examples/", root))].map(({ name }) => name).sort();

Deno.test("there are examples, each of at most 40 lines", () => {
  assertEquals(names, [
    ...["ablate.ts", "compare_checkpoints.ts", "custom_loss.ts", "fine_tune.ts", "mobile_net.ts", "own_backbone.ts"],
    ...["own_data.ts"],
    ...[
      "own_data_set.ts",
      "own_generator.ts",
      "own_layer.ts",
      "predict.ts",
      "spatial_pyramid.ts",
      "train.ts",
      "u_net.ts",
    ],
  ]);
  for (const name of names) {
    const lines = Deno.readTextFileSync(new URL(`docs/examples/${name}`, root)).trimEnd().split("\n").length;
    assert(lines <= 40, `${name} has ${lines} lines`);
  }
});

Deno.test("custom_loss.ts trains with its loss and tells its metrics", async () => {
  const out = await run("custom_loss.ts");
  assertStringIncludes(out, "10 { l1:");
  assertStringIncludes(out, "relative:");
  assert(/rel: \d/.test(out), out);
});

Deno.test("own_generator.ts and own_data_set.ts train and tell metrics", async () => {
  for (const name of ["own_generator.ts", "own_data_set.ts"]) assert(/rel\s*│\s*\d/.test(await run(name)), name);
});

Deno.test("mobile_net.ts and own_data.ts are taken by train, and by evaluate with the same files", async () => {
  await withFolder(async (folder) => {
    const modules = ["--network", "docs/examples/mobile_net.ts", "--dataset", "docs/examples/own_data.ts"];
    const short = ["training.steps=2", "training.batch=2", "networkOptions.width=4", 'loss=[{"kind":"l1"}]'];
    const settings = [...short, "data.options.count=4"].flatMap((setting) => ["--set", setting]);
    const run = ["--out", `${folder}/run`, "--backend", "wasm"];
    assertStringIncludes(await succeeding("train", ...modules, ...settings, ...run), "4 to train on, 5 to test on");
    const checkpoint = ["--checkpoint", `${folder}/run/checkpoint.safetensors`, "--backend", "wasm"];
    assertStringIncludes(await succeeding("evaluate", ...checkpoint, ...modules), "5 images");
    assertStringIncludes(await failing(2, "evaluate", ...checkpoint), "no code is run");
  });
});

/** The bytes of a file's tensors below a path, by name. */
const tensorsIn = async (file: string, below: string): Promise<Readonly<Record<string, string>>> => {
  const { entries, read } = orThrow(await openTensorFile(file)());
  const wanted = entries.filter(({ name }) => name.startsWith(below));
  return Object.fromEntries(
    await Promise.all(wanted.map(async ({ name }) => [name, orThrow(await read(name)()).bytes.toBase64()])),
  );
};

Deno.test("fine_tune.ts keeps the backbone's parameters, trains the others, and writes what PyTorch loads", async () => {
  await withFolder(async (folder) => {
    const out = await run("fine_tune.ts", fixture, `${folder}/tuned.safetensors`);
    assertStringIncludes(out, "not selected: pyramid");
    const [before, after] = await Promise.all(
      [fixture, `${folder}/tuned.safetensors`].map((file) => tensorsIn(file, "params/backbone/")),
    );
    assertEquals(after, before);
    const [head, tuned] = await Promise.all(
      [fixture, `${folder}/tuned.safetensors`].map((file) => tensorsIn(file, "params/estimator/")),
    );
    assertEquals(Object.keys(tuned ?? {}), Object.keys(head ?? {}));
    assertNotEquals(tuned, head);
    const names = Object.keys(await tensorsIn(`${folder}/tuned-pytorch.safetensors`, ""));
    assert(names.includes("res_backbone.res2.layers.0.conv1.weight"), names.join());
  });
});

Deno.test("own_backbone.ts trains on its own stages and saves them under their names", async () => {
  await withFolder(async (folder) => {
    const out = await run("own_backbone.ts", `${folder}/own.safetensors`);
    // 3·9·8 + 8·9·8, 8·9·16 + 16·9·16, … and a scale and a shift for each channel of both convolutions.
    const stages = [[3, 8], [8, 16], [16, 32], [32, 64], [64, 128]] as const;
    const count = stages.reduce((sum, [from, to]) => sum + 9 * to * (from + to) + 4 * to, 0);
    assertStringIncludes(out, `${count} parameters of the backbone`);
    const file = await Deno.readTextFile(`${folder}/own.safetensors`);
    assertStringIncludes(file, '"params/backbone/level5/half/conv/kernel"');
  });
});

Deno.test("own_layer.ts builds a block of 16 channels with named parameters", async () => {
  const out = await run("own_layer.ts");
  assertStringIncludes(out, "[ 2, 8, 10, 16 ]");
  assertStringIncludes(out, "gate/squeeze/weight");
});

Deno.test("spatial_pyramid.ts keeps height and width, and u_net.ts trains at an odd size", async () => {
  const pyramid = await run("spatial_pyramid.ts");
  assertStringIncludes(pyramid, "[ 2, 9, 12, 8 ]");
  assertStringIncludes(pyramid, "rate3/conv/kernel");
  const out = await run("u_net.ts");
  assertStringIncludes(out, "[ 1, 37, 50, 1 ]");
  assert(/rel\s*│\s*\d/.test(out), out);
});

Deno.test("predict.ts writes depth of a picture at its own size", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/photo.png`, pngOf(21, 34));
    assert(
      /nearest .* m, farthest .* m/.test(await run("predict.ts", fixture, `${folder}/photo.png`, `${folder}/out`)),
    );
    const size = new DataView(Deno.readFileSync(`${folder}/out_depth16.png`).buffer);
    assertEquals([size.getUint32(16), size.getUint32(20)], [34, 21]);
  });
});

Deno.test("compare_checkpoints.ts finds no difference between a checkpoint and itself", async () => {
  const out = await run("compare_checkpoints.ts", fixture, fixture);
  assertStringIncludes(out, "rel of the first less that of the second: 0.0000");
});

Deno.test("train.ts and ablate.ts write what the tasks write", async () => {
  await withFolder(async (folder) => {
    assertStringIncludes(await run("train.ts", `${folder}/run`), "generators");
    assert(Deno.statSync(`${folder}/run/checkpoint.safetensors`).isFile);
    assertStringIncludes(await run("ablate.ts", `${folder}/ablation`), "Huber, 25 cm");
    assert(Deno.statSync(`${folder}/ablation/metrics.png`).isFile);
  });
});
