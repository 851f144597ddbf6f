/** The input of a network whose checkpoint does not say its size: each picture at its own aspect, and it is said. */
import { openDevice } from "../../lib/backend/device.ts";
import { orThrow } from "../../lib/errors.ts";
import { sizeOfAspect, sizingOf } from "../../lib/experiment/input_size.ts";
import { loadDepthNetwork, type TrainedNetwork } from "../../lib/experiment/trained_network.ts";
import { planConversion, writeConversion } from "../../lib/experiment/conversion.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { openTensorFile } from "../../lib/formats/open_tensor_file.ts";
import type { RgbImage } from "../../lib/formats/raster.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { readSafetensors } from "../../lib/formats/safetensors.ts";
import { checkpointIn, metadataOf } from "../../lib/train/checkpoint.ts";
import { silent } from "../../lib/train/listener.ts";
import { toPublished } from "../../lib/weights/convert.ts";
import { predictor } from "../../lib/train/depth_network.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { withFolder } from "../tasks/support.ts";
import { fileOf, storedNetwork } from "../weights/support.ts";

const device = orThrow(await openDevice("wasm")());

Deno.test("the short side has 228 pixels, the long one as many as the aspect wants, at most 912", () => {
  const sizeOf = (height: number, width: number) => {
    const size = sizeOfAspect({ height, width });
    return [size.height, size.width];
  };
  assertEquals(sizeOf(480, 640), [228, 304]);
  assertEquals(sizeOf(640, 480), [304, 228]);
  assertEquals(sizeOf(375, 1242), [228, 755]);
  assertEquals(sizeOf(7, 7), [228, 228]);
  assertEquals(sizeOf(1, 100_000), [228, 912]);
  assertEquals(sizeOf(100_000, 1), [912, 228]);
});

/** A narrow network under published names, as another program's file. */
const foreignFile = async (folder: string): Promise<string> => {
  const tensors = await storedNetwork(18);
  const names = new Map(tensors.map(({ name }) => [name, name]));
  const named = {
    file: await fileOf(tensors),
    names,
    ...{ title: "own", kind: "depth", prefix: "", leftOut: [] } as const,
  };
  const written = await Promise.all(
    toPublished(named, 0).tensors.map(async ({ entry, bytes }) => ({ ...entry, bytes: orThrow(await bytes()) })),
  );
  const path = `${folder}/foreign.safetensors`;
  await Deno.writeFile(path, encodeSafetensors(written, {}));
  return path;
};

const picture: RgbImage = {
  height: 30,
  width: 20,
  pixels: Uint8Array.from({ length: 1800 }, (_, at) => 128 + 100 * Math.sin(at / 70)),
};

/** What a network predicts at a size of its input. */
const predictedAt = async ({ network, variables }: TrainedNetwork, height: number, width: number) =>
  orThrow(await predictor(network, variables, height, width)(picture)()).metres;

const loaded = async (path: string, ...settings: readonly string[]) => {
  const said: string[] = [];
  const listener = { ...silent, message: (line: string) => said.push(line) };
  return { trained: orThrow(await loadDepthNetwork(path, { device, settings, listener })()), said: said.join("\n") };
};

Deno.test("a file of another program is predicted at the picture's aspect, or at a size that is set, and it is said", async () => {
  await withFolder(async (folder) => {
    const path = await foreignFile(folder);
    const { trained, said } = await loaded(path);
    assertStringIncludes(said, "does not say the size of its input: taken as each image at its own aspect");
    assertEquals(orThrow(await trained.predict(picture)()).metres, await predictedAt(trained, 342, 228));
    const set = await loaded(path, "data.height=36", "data.width=48");
    assertStringIncludes(set.said, "taken as 36×48 pixels, as is set");
    assertEquals(orThrow(await set.trained.predict(picture)()).metres, await predictedAt(trained, 36, 48));
    [trained, set.trained].forEach((each) => each.dispose());
  });
});

Deno.test("a conversion does not make a size known, unless it is set", async () => {
  await withFolder(async (folder) => {
    const file = orThrow(await openTensorFile(await foreignFile(folder))());
    for (const [settings, sizing] of [[[], "own aspect"], [["data.height=64"], "configured"]] as const) {
      const path = `${folder}/${sizing}.safetensors`;
      const plan = orThrow(planConversion(file, { names: "own", settings, listener: silent }));
      orThrow(await writeConversion(path, plan, silent)());
      const checkpoint = orThrow(checkpointIn(orThrow(await openTensorFile(path)())));
      assertEquals(sizingOf(checkpoint, []), sizing);
      assertEquals(sizingOf(checkpoint, ["data.width=64"]), "configured");
    }
  });
});

Deno.test("a checkpoint of train is predicted at the size that it was trained at", async () => {
  const story = { kind: "depth", step: 3, key: [1, 2], configuration: "{}", scenes: [] } as const;
  const bytes = encodeSafetensors(await storedNetwork(18), metadataOf(story));
  const checkpoint = orThrow(checkpointIn(orThrow(await readSafetensors(sourceOfBytes("own.safetensors", bytes))())));
  assertEquals(sizingOf(checkpoint, []), "configured");
});
