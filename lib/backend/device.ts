import { type Either, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import { tf } from "../dependencies/tensorflow.ts";
import { causedBy, type Failure, failure, reasonText } from "../errors.ts";
import type { Tensor } from "../tensor/features.ts";
import { adapterName, complaintsOf, findAdapter } from "./adapter.ts";
import { checkHome, keepTensorsHome } from "./home.ts";
import type { KernelChoice } from "./kernels.ts";

/** The backends that this library computes on.
 * @category Backends */
export type BackendName = "webgpu" | "wasm";

/** What a user may ask for: "auto" is WebGPU on a real adapter, else wasm; software adapters only by name.
 * @category Backends */
export type BackendChoice = "auto" | BackendName;

const choices: readonly BackendChoice[] = ["auto", "webgpu", "wasm"];

/** How a device is opened.
 * @category Backends */
export interface DeviceOptions {
  /** Whose kernels compute: this library's ("own", the default), or TensorFlow.js's own ("stock"), to compare them. */
  readonly kernels?: KernelChoice;
}

/** An open backend. There is one at a time: TensorFlow.js keeps it for the whole process.
 * @category Backends */
export interface Device {
  /** The backend that was opened: never "auto", but what it came to. */
  readonly backend: BackendName;
  /** What computes: the adapter's description, or the processor. */
  readonly adapter: string;
  /** Why this backend was taken, for people. */
  readonly reason: string;
  /** Whose kernels compute. */
  readonly kernels: KernelChoice;
  /**
   * Whether the device works still, and is still the one that is open: a GPU's validation error or its loss does not throw by
   * itself. A failure is of kind "device", with what the device reported as its cause.
   */
  readonly health: () => Promise<Either<Failure, void>>;
}

// A backend's kernels, and TensorFlow.js's own, are loaded when it is opened: most programs open one.

const openWasm = async (reason: string, kernels: KernelChoice): Promise<Device> => {
  const wasm = await import("./wasm/open.ts");
  const health = await wasm.openWasm(kernels);
  return { backend: "wasm", adapter: "the processor, one thread", reason, kernels, health };
};

const openWebGpu = async (found: GPUAdapter, reason: string, kernels: KernelChoice): Promise<Device> => {
  const webGpu = await import("./webgpu/open.ts");
  const adapter = adapterName(found);
  const health = await webGpu.openWebGpu(found, adapter, kernels);
  return { backend: "webgpu", adapter, reason, kernels, health };
};

const openAuto = async (kernels: KernelChoice): Promise<Device> => {
  const [adapter, complaints] = [await findAdapter(), await complaintsOf()];
  if (adapter === null) return await openWasm(`no WebGPU adapter was found${complaints}`, kernels);
  if (adapter.info.isFallbackAdapter) {
    const reason = `the only WebGPU adapter, ${
      adapterName(adapter)
    }, is software, which is slower than wasm${complaints}`;
    return await openWasm(reason, kernels);
  }
  return await openWebGpu(adapter, `a WebGPU adapter was found${complaints}`, kernels);
};

const noAdapter: Failure = failure(
  "device",
  "--backend webgpu",
  "no WebGPU adapter on this machine",
  "a graphics card with a Vulkan, Metal or Direct3D 12 driver",
  "Use --backend wasm, or install a driver (on Debian, mesa-vulkan-drivers gives a slow software adapter).",
);

const open = async (choice: BackendChoice, kernels: KernelChoice): Promise<Either<Failure, Device>> => {
  if (choice === "auto") return { _tag: "Right", right: await openAuto(kernels) };
  if (choice === "wasm") return { _tag: "Right", right: await openWasm("it was asked for", kernels) };
  const adapter = await findAdapter();
  if (adapter === null) return { _tag: "Left", left: noAdapter };
  const reason = adapter.info.isFallbackAdapter ? "it was asked for (a software adapter: slow)" : "it was asked for";
  return { _tag: "Right", right: await openWebGpu(adapter, `${reason}${await complaintsOf()}`, kernels) };
};

/** The device as long as TensorFlow.js computes on it: its health speaks of no other one. */
const whileOpen = (device: Device): Device => {
  const own = tf.backend();
  const closed = failure(
    "device",
    `the device ${device.backend}`,
    "one that is not open any more",
    "the device that was opened last",
    "There is one at a time: use the one that openDevice gave last.",
  );
  return {
    ...device,
    health: () => tf.backend() === own ? device.health() : Promise.resolve({ _tag: "Left", left: closed }),
  };
};

const unknown = (what: string, found: unknown, allowed: readonly string[]): Failure =>
  failure("usage", what, JSON.stringify(found) ?? "nothing", allowed.join(", "));

/** Programs without types may ask for anything. */
const checkChoices = (choice: BackendChoice, kernels: KernelChoice): Either<Failure, void> => {
  if (!choices.includes(choice)) return { _tag: "Left", left: unknown("the backend", choice, choices) };
  const sound = kernels === "own" || kernels === "stock";
  return sound
    ? { _tag: "Right", right: undefined }
    : { _tag: "Left", left: unknown("kernels", kernels, ["own", "stock"]) };
};

const refused = (choice: BackendChoice) => (reason: unknown): Failure => {
  const problem = failure(
    "device",
    `--backend ${choice}`,
    reasonText(reason),
    "a backend that starts",
    "Try the other one of webgpu and wasm.",
  );
  return causedBy(reason)(problem);
};

/**
 * Opens a backend and makes it TensorFlow.js's current one, with this library's kernels in place, or with TensorFlow.js's
 * own, `{ kernels: "stock" }`, to compare them.
 *
 * Another device that was open is open no more: what it holds is not moved, and using it is an error.
 *
 * Errors: "device" if the backend that was asked for is not to be had; "usage" for a name that is none of a backend.
 * @category Backends
 */
export const openDevice = (
  choice: BackendChoice,
  { kernels = "own" }: DeviceOptions = {},
): TaskEither<Failure, Device> =>
  pipe(
    TE.fromEither(checkChoices(choice, kernels)),
    TE.chain(() => TE.tryCatch(() => open(choice, kernels), refused(choice))),
    TE.chainEitherK((opened) => opened),
    TE.map((device) => {
      keepTensorsHome();
      return whileOpen(device);
    }),
  );

/**
 * The values of a tensor as 32-bit floats, row-major. Waits for the device. Rejects with a FailureError of kind "device" for
 * a tensor of a device that is open no more.
 * @category Backends
 */
export const readValues = async (tensor: Tensor): Promise<Float32Array> => {
  checkHome(tensor);
  return new Float32Array(await tensor.data());
};

/** How many tensors are alive: constant over the steps of a sound training loop.
 * @category Backends */
export const countTensors = (): number => tf.memory().numTensors;
