/** In float64 a training step's forward and backward pass is the published one to eight digits and more. */
import { openFloat64 } from "../parity/float64.ts";
import { filledEmbedding, filledVariables } from "../parity/filled.ts";
import { forwardAndBackward } from "../parity/passes.ts";
import { assertGradients, assertLoss, assertSummaries, assertZeroGradients, statisticOf } from "../parity/compare.ts";
import { readPublishedShapes, readReference, referencePresent, sizes, sizeText } from "../parity/reference.ts";

sizes.forEach((size) =>
  Deno.test({
    name: `float64, ${sizeText(size)}: depth, losses, gradients and statistics of training are the published ones`,
    ignore: !referencePresent,
    fn: async () => {
      await openFloat64();
      const { train } = await readReference(size);
      const variables = filledVariables(await readPublishedShapes());
      const pass = await forwardAndBackward(variables, filledEmbedding(), size, "training");
      assertSummaries([train.depth], [pass.depth], 1e-9, "depth");
      assertLoss(train, pass, 1e-9);
      assertGradients(train, pass, 1e-9);
      assertZeroGradients(train, pass, 1e-15);
      Object.entries(train.running).forEach(([name, expected]) =>
        assertSummaries([expected], [statisticOf(pass, name)], 1e-9, name)
      );
    },
  })
);
