/** The published network's depth of a real picture, through the task that a user runs. */
import { orThrow } from "../../lib/errors.ts";
import { decodeNpy } from "../../lib/formats/npy.ts";
import { encodeSafetensors } from "../../lib/formats/safetensors.ts";
import { storedFloat32 } from "../../lib/formats/tensor_file.ts";
import { assertEquals, fromFileUrl } from "../std.ts";
import { succeeding, withFolder } from "../tasks/support.ts";
import { assertError } from "./compare.ts";
import { fill } from "./fill.ts";
import { parityFile, readPublishedShapes, referencePresent } from "./reference.ts";

Deno.test({
  name: "predict gives PyTorch's depth of a real picture under the filled weights, from a file with published names",
  ignore: !referencePresent,
  fn: () =>
    withFolder(async (folder) => {
      const checkpoint = `${folder}/filled.safetensors`;
      const tensors = [...await readPublishedShapes()].map(([name, shape]) =>
        storedFloat32(name, shape, fill(name, shape).values)
      );
      await Deno.writeFile(checkpoint, encodeSafetensors(tensors, {}));
      const image = fromFileUrl(parityFile("basement-304x228.png"));
      await succeeding(
        "predict",
        "--backend",
        "wasm",
        "--checkpoint",
        checkpoint,
        "--format",
        "npy",
        "--out",
        folder,
        image,
      );
      const read = async (path: string | URL) => orThrow(decodeNpy(String(path), await Deno.readFile(path)));
      const found = await read(`${folder}/basement-304x228_depth.npy`);
      const expected = await read(parityFile("basement-304x228.npy"));
      assertEquals(found.shape, expected.shape);
      const [depth, truth] = [found, expected].map(({ values }) => Float64Array.from(values, Number));
      const magnitudes = truth?.map(Math.abs) ?? [];
      const errors = truth?.map((value, at) => Math.abs(value - (depth?.[at] ?? NaN))) ?? [];
      const most = (values: Iterable<number>) => [...values].reduce((a, b) => Math.max(a, b), 0);
      assertError(most(errors) / most(magnitudes), 1e-4, "depth");
    }),
});
