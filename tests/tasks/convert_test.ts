/** `deno task convert`, and weights of other programs in the other tasks. */
import { openDevice } from "../../lib/backend/device.ts";
import { resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { orThrow } from "../../lib/errors.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { storedFloat32, type StoredTensor, type TensorFile } from "../../lib/formats/tensor_file.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { toPublished } from "../../lib/weights/convert.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import { fileOf, readAll, storedVariables } from "../weights/support.ts";
import { failing, pngOf, succeeding, tinier, withFolder, writeConfiguration } from "./support.ts";

const opened = async (path: string): Promise<TensorFile> => orThrow(await openTensorFile(path)());

const byName = async (path: string): Promise<ReadonlyMap<string, StoredTensor>> =>
  new Map((await readAll(await opened(path))).map((tensor) => [tensor.name, tensor]));

const wasm = ["--backend", "wasm"];

/** Trains for one step, and gives the checkpoint's path. */
const trained = async (folder: string, ...settings: readonly string[]): Promise<string> => {
  const config = await writeConfiguration(folder, { ...tinier, evaluation: { pictures: 0 } });
  await succeeding("train", "--config", config, "--out", `${folder}/run`, ...wasm, ...settings);
  return `${folder}/run/checkpoint.safetensors`;
};

Deno.test("what was trained goes to published names and back, and predicts the same depth", async (t) => {
  await withFolder(async (folder) => {
    const own = await trained(folder);
    const [published, back] = [`${folder}/published.safetensors`, `${folder}/back.safetensors`];
    const image = `${folder}/image.png`;
    await Deno.writeFile(image, pngOf(32, 40));
    const predicted = async (checkpoint: string, ...args: readonly string[]): Promise<Uint8Array> => {
      const out = `${folder}/${crypto.randomUUID()}`;
      await succeeding("predict", ...wasm, "--checkpoint", checkpoint, "--format", "npy", "--out", out, ...args, image);
      return await Deno.readFile(`${out}/image_depth.npy`);
    };

    await t.step("convert says what it writes and what it leaves out", async () => {
      const said = await succeeding("convert", own, published, "--names", "published");
      assertStringIncludes(said, published);
      assertStringIncludes(said, "left out: optimizer/");
    });

    await t.step("the list shows names, shapes, types and whose names they are", async () => {
      const said = await succeeding("convert", published, "--list");
      assert(/res_backbone\.conv1\.conv1\.weight +\[4, 3, 7, 7\] +F32/.test(said), said);
      assert(/res_backbone\.conv1\.bn1\.num_batches_tracked +\[\] +I64/.test(said), said);
      assertStringIncludes(said, "published names of a depth network");
      assertStringIncludes(await succeeding("convert", own, "--list"), "own names of a depth network");
    });

    await t.step("every weight comes back bit by bit", async () => {
      await succeeding("convert", published, back, "--names", "own");
      const [before, after] = [await byName(own), await byName(back)];
      assert(after.size > 50);
      assertEquals(
        [...before.keys()].filter((name) => !name.startsWith("optimizer/")).toSorted(),
        [...after.keys()].toSorted(),
      );
      after.forEach((tensor, name) => assertEquals(tensor, before.get(name), name));
    });

    await t.step("all three predict the same depth", async () => {
      const depth = await predicted(own);
      assertEquals(await predicted(published), depth);
      assertEquals(await predicted(back), depth);
    });

    await t.step("a variant that its weights were not trained as is refused", async () => {
      for (const path of [own, published, back]) {
        const problem = await failing(
          1,
          "predict",
          ...wasm,
          "--checkpoint",
          path,
          "--set",
          "backbone.preprocessing=rgb-imagenet",
          image,
        );
        for (const part of ["backbone.preprocessing", '"rgb-imagenet"', '"bgr-caffe"', path]) {
          assertStringIncludes(problem, part);
        }
      }
    });
  });
});

const published = async (depth: 18 | 50, width: number): Promise<readonly StoredTensor[]> => {
  orThrow(await openDevice("wasm")());
  const { params, statistics } = resNetOfWidth(depth, width).backbone.init(keyOf(5));
  const tensors = await storedVariables({ params: { backbone: params }, statistics: { backbone: statistics } });
  const file = await fileOf(tensors);
  const names = new Map(tensors.map(({ name }) => [name, name]));
  const conversion = toPublished({ file, title: "own", kind: "backbone", prefix: "", names, leftOut: [] }, 0);
  return await Promise.all(
    conversion.tensors.map(async ({ entry, bytes }) => ({ ...entry, bytes: orThrow(await bytes()) })),
  );
};

/** torchvision's names of published ones. */
const torchvisionName = (name: string): string =>
  name.replace(/^res_backbone\.conv1\./, "").replace(
    /^res_backbone\.res(\d)\.layers/,
    (_, level) => `layer${Number(level) - 1}`,
  );

Deno.test("training begins with the backbone of an ImageNet classifier, and its head is left out and told", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/resnet18.safetensors`;
    const backbone = (await published(18, 4)).map((tensor) => ({ ...tensor, name: torchvisionName(tensor.name) }));
    const head = storedFloat32("fc.weight", [10, 32], new Float32Array(320));
    await Deno.writeFile(path, encodeSafetensors([...backbone, head], {}));
    const config = await writeConfiguration(folder, { ...tinier, training: { steps: 0, batch: 2 } });
    const weights = ["--set", `backbone.weights=${path}`];
    const said = await succeeding("train", "--config", config, "--out", `${folder}/run`, ...wasm, ...weights);
    for (const part of [path, "torchvision", "the classifier's head is left out: fc.weight", "rgb-imagenet"]) {
      assertStringIncludes(said, part);
    }
    const before = new Map(backbone.map((tensor) => [tensor.name, tensor]));
    await succeeding(
      "convert",
      `${folder}/run/checkpoint.safetensors`,
      `${folder}/out.safetensors`,
      "--names",
      "published",
    );
    const after = await byName(`${folder}/out.safetensors`);
    const same = [...after].filter(([name]) =>
      name.startsWith("res_backbone.") && !name.endsWith("num_batches_tracked")
    );
    assertEquals(same.length, 100);
    same.forEach(([name, { bytes }]) => assertEquals(bytes, before.get(torchvisionName(name))?.bytes, name));

    const other = ["--set", "backbone.width=8"];
    const wide = await failing(1, "train", "--config", config, "--out", `${folder}/x`, ...wasm, ...weights, ...other);
    for (const part of [path, "shape", "conv1.weight: [7, 7, 3, 4] instead of [7, 7, 3, 8]", "100 tensors"]) {
      assertStringIncludes(wide, part);
    }
    const deep = await failing(
      1,
      "train",
      "--config",
      config,
      "--out",
      `${folder}/x`,
      ...wasm,
      ...weights,
      "--set",
      "backbone.layers=34",
    );
    for (const part of ["missing   params/backbone/stage2/block3/first/conv/kernel", "missing   statistics/"]) {
      assertStringIncludes(deep, part);
    }
  });
});

Deno.test("a whole depth network of another program is asked about before it is believed", async () => {
  await withFolder(async (folder) => {
    const checkpoint = await trained(folder);
    const bare = `${folder}/bare.safetensors`;
    await succeeding("convert", checkpoint, bare, "--names", "published");
    const tensors = await readAll(await opened(bare));
    await Deno.writeFile(bare, encodeSafetensors(tensors, {}));
    const image = `${folder}/image.png`;
    await Deno.writeFile(image, pngOf(32, 40));
    const args = [...wasm, "--out", `${folder}/out`, image];
    const said = await succeeding("predict", "--checkpoint", bare, ...args);
    assertStringIncludes(said, 'does not say which variant it is: taken as backbone.preprocessing "bgr-caffe"');

    await Deno.writeFile(
      bare,
      encodeSafetensors([
        ...tensors.filter(({ name }) => name !== "fcn.score.3.bias"),
        storedFloat32("fcn.more", [1], Float32Array.of(1)),
      ], {}),
    );
    const problem = await failing(1, "predict", "--checkpoint", bare, ...args);
    for (const part of ["2 tensors", "missing   params/estimator/score/output/bias", "unknown   fcn.more"]) {
      assertStringIncludes(problem, part);
    }
  });
});

Deno.test("convert's command line is checked before anything is written", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.safetensors`;
    await Deno.writeFile(path, encodeSafetensors([storedFloat32("a", [1], Float32Array.of(1))], { note: "kept" }));
    assertStringIncludes(await failing(2, "convert"), "IN");
    assertStringIncludes(await failing(2, "convert", path), "--list");
    assertStringIncludes(await failing(2, "convert", path, `${folder}/b.pth`), ".safetensors");
    assertStringIncludes(await failing(2, "convert", path, path, path), "3 files");
    assertStringIncludes(await failing(2, "convert", path, `${folder}/b.safetensors`, "--names", "latin"), '"latin"');
    assertStringIncludes(await failing(1, "convert", path, `${folder}/b.safetensors`, "--names", "own"), '"a"');
    assertEquals([...Deno.readDirSync(folder)].length, 1);
    await succeeding("convert", path, `${folder}/b.safetensors`);
    assertEquals((await opened(`${folder}/b.safetensors`)).metadata, { note: "kept" });
  });
});
