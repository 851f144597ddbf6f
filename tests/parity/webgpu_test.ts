/** The forward pass on the GPU, or on a software adapter, is the published one. */
import { openDevice } from "../../lib/backend/device.ts";
import { describe, orThrow } from "../../lib/errors.ts";
import { assertSummaries } from "./compare.ts";
import { filledVariables } from "./filled.ts";
import { forwardLevels } from "./passes.ts";
import { readPublishedShapes, readReference, referencePresent, sizes, sizeText } from "./reference.ts";

const opened = await openDevice("webgpu")();
if (opened._tag === "Left") console.log(`skipped: ${describe(opened.left)}`);

sizes.slice(0, 1).forEach((size) =>
  Deno.test({
    name: `webgpu, ${sizeText(size)}: the levels of backbone and pyramid and the depth are the published ones`,
    ignore: !referencePresent || opened._tag === "Left",
    fn: async () => {
      const device = orThrow(opened);
      const { backbone, pyramid, depth } = await forwardLevels(filledVariables(await readPublishedShapes()), size);
      orThrow(await device.health());
      const reference = (await readReference(size)).eval;
      assertSummaries(reference.backbone, backbone, 1e-4, "C");
      assertSummaries(reference.pyramid, pyramid, 1e-4, "P");
      assertSummaries([reference.depth], [depth], 1e-4, "depth");
    },
  })
);
