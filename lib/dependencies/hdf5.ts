import type { Hdf5Library } from "./h5wasm.d.ts";

export type { FileNode, FileSystem, Hdf5Library, StreamOperations } from "./h5wasm.d.ts";

/** The HDF5 library. Its four megabytes are loaded when a file is first read with it, and once. */
export const loadHdf5 = async (): Promise<Hdf5Library> => {
  const { ready } = await import("./h5wasm.ts");
  return await ready;
};
