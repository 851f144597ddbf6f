/** HEG-S from a training checkpoint as PyTorch writes it, with the optimizer's state and more beside its weights. */
import { sceneStages } from "../../lib/embedding/scene.ts";
import { orThrow } from "../../lib/errors.ts";
import { fromTorch, shapeToTorch } from "../../lib/formats/torch_layout.ts";
import { disposeTree } from "../../lib/tensor/tree.ts";
import { readCheckpoint } from "../../lib/train/checkpoint.ts";
import { publishedName } from "../../lib/weights/recognize.ts";
import { restoreVariables } from "../../lib/weights/restore.ts";
import { assert, assertEquals, assertStringIncludes, fromFileUrl } from "../std.ts";
import { onWasm, readLeaves } from "../support.ts";
import { succeeding, tinier, withFolder, writeConfiguration } from "../tasks/support.ts";
import { fill } from "./fill.ts";
import { parityFile, referencePresent } from "./reference.ts";

const path = fromFileUrl(parityFile("torch/heg-s-published-form.pth"));

if (referencePresent) {
  onWasm("the published form of HEG-S gives back every filled weight", async () => {
    const { kind, weights } = orThrow(await readCheckpoint(path)());
    assertEquals([kind, weights.title, weights.prefix], ["scene", "published", "model_state_dict.module."]);
    const stages = orThrow(await restoreVariables(weights, sceneStages([16, 32]), "stages")());
    const found = [...await readLeaves(stages.params), ...await readLeaves(stages.statistics)];
    assertEquals(found.length, 20);
    for (const [leaf, { shape, values }] of found) {
      const name = publishedName(`stages/${leaf}`) ?? "";
      assertEquals({ shape, values }, fromTorch(fill(name, shapeToTorch(shape))), name);
    }
    [stages.params, stages.statistics].forEach(disposeTree);
  });

  Deno.test("train takes the published form of HEG-S as it is", async () => {
    await withFolder(async (folder) => {
      const loss = [{ kind: "hierarchical", generator: "scene", weights: [1, 10, 15] }];
      const generators = { scene: { widths: [16, 32], checkpoint: path } };
      const config = await writeConfiguration(folder, { ...tinier, generators, loss });
      const said = await succeeding("train", "--config", config, "--out", `${folder}/run`, "--backend", "wasm");
      assertStringIncludes(said, `HEG-S from ${path}`);
      assert(said.includes("CLIFFNet"), said);
    });
  });
}
