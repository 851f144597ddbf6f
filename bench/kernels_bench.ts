/** Every hot kernel and the whole forward, TensorFlow.js's own as the baseline of each group; sizes are a quarter of the network's. */
import { hotKernels } from "./hot_kernels.ts";
import { runToEnd } from "./measure.ts";
import { openForBench } from "./open.ts";
import { wholeNetwork } from "./whole_network.ts";

const { backend } = await openForBench();
const register = backend === "wasm"
  ? (await import("../lib/backend/wasm/open.ts")).registerWasmKernels
  : (await import("../lib/backend/webgpu/open.ts")).registerWebGpuKernels;
const works = [...wholeNetwork([{ batch: 1, height: 57, width: 76 }], []), ...hotKernels(4)];

for (const work of works) {
  for (const choice of ["stock", "own"] as const) {
    Deno.bench(
      `${work.name}, ${choice}`,
      { group: work.name, baseline: choice === "stock", n: 10, warmup: 2 },
      async (bench) => {
        register(choice);
        bench.start();
        await runToEnd(work);
        bench.end();
      },
    );
  }
}
