import { type Either, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure } from "../errors.ts";
import type { Tensor } from "../tensor/features.ts";
import type { KernelChoice } from "./kernels/register.ts";
import { openWasm } from "./wasm.ts";
import { openWebGpu } from "./webgpu.ts";

/** The backends that this library computes on. */
export type BackendName = "webgpu" | "wasm";

/** What a user may ask for: "auto" is WebGPU on a real adapter, else wasm; software adapters only by name. */
export type BackendChoice = "auto" | BackendName;

/** An open backend. There is one at a time: TensorFlow.js keeps it for the whole process. */
export interface Device {
  /** The backend that was opened: never "auto", but what it came to. */
  readonly backend: BackendName;
  /** What computes: the adapter's description, or the processor. */
  readonly adapter: string;
  /** Why this backend was taken, for people. */
  readonly reason: string;
  /** Whose kernels compute. */
  readonly kernels: KernelChoice;
  /** Whether the device works still: a GPU's validation error or its loss does not throw by itself. */
  readonly health: () => Promise<Either<Failure, void>>;
}

/** What was found when a WebGPU adapter was asked for. */
const adapterOf = async (): Promise<GPUAdapter | null> =>
  "gpu" in navigator ? await navigator.gpu.requestAdapter({ powerPreference: "high-performance" }) : null;

const isSoftware = (adapter: GPUAdapter): boolean => adapter.info.isFallbackAdapter;

const nameOf = (adapter: GPUAdapter): string => adapter.info.description || adapter.info.vendor || "unnamed adapter";

const noAdapter: Failure = failure(
  "device",
  "--backend webgpu",
  "no WebGPU adapter on this machine",
  "a graphics card with a Vulkan, Metal or Direct3D 12 driver",
  "Use --backend wasm, or install a driver (on Debian, mesa-vulkan-drivers gives a slow software adapter).",
);

const openAuto = async (kernels: KernelChoice): Promise<Device> => {
  const adapter = await adapterOf();
  if (adapter === null) return await openWasm("no WebGPU adapter was found", kernels);
  if (isSoftware(adapter)) {
    return await openWasm(
      `the only WebGPU adapter, ${nameOf(adapter)}, is software, which is slower than wasm`,
      kernels,
    );
  }
  return await openWebGpu(adapter, nameOf(adapter), "a WebGPU adapter was found", kernels);
};

const openByName = async (choice: BackendName, kernels: KernelChoice): Promise<Either<Failure, Device>> => {
  if (choice === "wasm") return { _tag: "Right", right: await openWasm("it was asked for", kernels) };
  const adapter = await adapterOf();
  if (adapter === null) return { _tag: "Left", left: noAdapter };
  const reason = isSoftware(adapter) ? "it was asked for (a software adapter: slow)" : "it was asked for";
  return { _tag: "Right", right: await openWebGpu(adapter, nameOf(adapter), reason, kernels) };
};

const refused = (choice: BackendChoice) => (reason: unknown): Failure =>
  failure(
    "device",
    `--backend ${choice}`,
    reason instanceof Error ? reason.message : String(reason),
    "a backend that starts",
    "Try the other one of webgpu and wasm.",
  );

/**
 * Opens a backend and makes it TensorFlow.js's current one, with this library's kernels in place, or with TensorFlow.js's
 * own, "stock", to compare them.
 *
 * Errors: "device" if the backend that was asked for is not to be had.
 */
export const openDevice = (choice: BackendChoice, kernels: KernelChoice = "own"): TaskEither<Failure, Device> =>
  TE.flatten(
    TE.tryCatch(
      async () =>
        TE.fromEither(
          choice === "auto" ? { _tag: "Right", right: await openAuto(kernels) } : await openByName(choice, kernels),
        ),
      refused(choice),
    ),
  );

/** The values of a tensor as 32-bit floats, row-major. Waits for the device. */
export const readValues = async (tensor: Tensor): Promise<Float32Array> => new Float32Array(await tensor.data());

/** How many tensors are alive: constant over the steps of a sound training loop. */
export const countTensors = (): number => tf.memory().numTensors;
