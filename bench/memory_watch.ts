/** Memory while something runs: neither WebGPU nor WebAssembly counts it by itself. */
import type { BackendName } from "../lib/backend/device.ts";
import { tf } from "../lib/dependencies/tensorflow.ts";
import { BackendWasm } from "../lib/dependencies/wasm.ts";
import { WebGPUBackend } from "../lib/dependencies/webgpu.ts";

/** How much memory a backend has taken since the watch began. */
export interface Usage {
  /** Buffers on the GPU, those that TensorFlow.js keeps for later among them; on wasm, blocks that tensors lie in. */
  readonly buffers: number;
  /** Bytes of the buffers or blocks that are in use. */
  readonly inUse: number;
  /** Bytes taken from the GPU, with the buffers that are kept for later; on wasm, the whole memory, which never shrinks. */
  readonly allocated: number;
}

/** Tells of the backend's memory. */
export interface Watch {
  /** What there is now. */
  readonly usage: () => Usage;
  /** The most there was of each, be it at different times. */
  readonly peak: () => Usage;
}

/** A watch over `usage`, and the function that looks at it anew. */
const watchOf = (usage: () => Usage): Watch & { readonly look: () => void } => {
  let most: Usage = { buffers: 0, inUse: 0, allocated: 0 };
  const look = (): void => {
    const { buffers, inUse, allocated } = usage();
    most = {
      buffers: Math.max(most.buffers, buffers),
      inUse: Math.max(most.inUse, inUse),
      allocated: Math.max(most.allocated, allocated),
    };
  };
  return { usage, look, peak: () => most };
};

/** What is alive, and its bytes; what is taken away without having been put in is not noticed. */
interface Ledger {
  readonly put: (block: object, size: number) => void;
  readonly take: (block: object) => void;
  readonly count: () => number;
  readonly bytes: () => number;
}

const ledger = (): Ledger => {
  const sizes = new Map<object, number>();
  let bytes = 0;
  return {
    put: (block, size) => {
      sizes.set(block, size);
      bytes += size;
    },
    take: (block) => {
      bytes -= sizes.get(block) ?? 0;
      sizes.delete(block);
    },
    count: () => sizes.size,
    bytes: () => bytes,
  };
};

const bytesInUse = (): number => {
  const backend = tf.backend();
  return backend instanceof WebGPUBackend ? backend.memory().numBytesInGPU : 0;
};

/** Counts a GPU's buffers where they are made and destroyed, and looks at those in use at every dispatch. */
const watchingGpu = async <T>(run: (watch: Watch) => Promise<T>): Promise<T> => {
  const [device, buffer, pass] = [GPUDevice.prototype, GPUBuffer.prototype, GPUComputePassEncoder.prototype];
  const [{ createBuffer }, { destroy }, { dispatchWorkgroups }] = [device, buffer, pass];
  const alive = ledger();
  const watch = watchOf(() => ({ buffers: alive.count(), inUse: bytesInUse(), allocated: alive.bytes() }));
  device.createBuffer = function (descriptor) {
    const made = createBuffer.call(this, descriptor);
    alive.put(made, descriptor.size);
    return made;
  };
  buffer.destroy = function () {
    alive.take(this);
    return destroy.call(this);
  };
  pass.dispatchWorkgroups = function (...sizes: Parameters<typeof dispatchWorkgroups>) {
    watch.look();
    return dispatchWorkgroups.apply(this, sizes);
  };
  return await run(watch).finally(() => {
    device.createBuffer = createBuffer;
    buffer.destroy = destroy;
    pass.dispatchWorkgroups = dispatchWorkgroups;
  });
};

/** The size of the backend's WebAssembly memory. */
const memorySize = (): number => {
  const backend = tf.backend();
  const heap: unknown = backend instanceof BackendWasm ? Reflect.get(backend.wasm, "HEAPU8") : undefined;
  return heap instanceof Uint8Array ? heap.buffer.byteLength : 0;
};

/** Counts the blocks where the backend reserves and frees them. */
const watchingWasm = async <T>(run: (watch: Watch) => Promise<T>): Promise<T> => {
  const { prototype } = BackendWasm;
  const { move, disposeData } = prototype;
  const alive = ledger();
  const watch = watchOf(() => ({ buffers: alive.count(), inUse: alive.bytes(), allocated: memorySize() }));
  prototype.move = function (...data: Parameters<typeof move>) {
    const [id, , shape, dtype] = data;
    alive.put(id, tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype));
    move.apply(this, data);
    watch.look();
  };
  prototype.disposeData = function (id, force) {
    const freed = disposeData.call(this, id, force);
    if (freed) alive.take(id);
    return freed;
  };
  return await run(watch).finally(() => {
    prototype.move = move;
    prototype.disposeData = disposeData;
  });
};

/** Watches a backend's memory while `run` works. What was there before the watch does not count, but wasm's memory. */
export const watching = <T>(backend: BackendName, run: (watch: Watch) => Promise<T>): Promise<T> =>
  backend === "wasm" ? watchingWasm(run) : watchingGpu(run);
