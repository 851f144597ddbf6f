/** The WebGPU adapter: finding it, its name, and what kernels need to know of it, to choose how to compute. */

/** Where a desktop has its sockets; the search for adapters asks for a desktop, too. */
const desktop = "XDG_RUNTIME_DIR";

const isPermitted = async (): Promise<boolean> =>
  (await Deno.permissions.query({ name: "env", variable: desktop })).state === "granted";

/** What the system may have complained of in a search for adapters, for after a sentence; nothing where it was kept quiet. */
export const complaintsOf = async (): Promise<string> =>
  Deno.build.os !== "linux" || await isPermitted()
    ? ""
    : `; lines on ${desktop}, if any, are harmless, and not there with --allow-env=${desktop}`;

/**
 * Runs a search for adapters. Where there is no desktop, the system's libraries complain on stderr of a variable without which
 * they look for none: it names a folder without sockets meanwhile, if Deno permits to set it.
 */
const quietly = async <A>(search: () => Promise<A>): Promise<A> => {
  if (!await isPermitted()) return await search();
  const before = Deno.env.get(desktop);
  if (before !== undefined && before !== "") return await search();
  Deno.env.set(desktop, "/");
  return await search().finally(() => before === undefined ? Deno.env.delete(desktop) : Deno.env.set(desktop, before));
};

/** The machine's WebGPU adapter, the fastest one if there are several; null if there is none. */
export const findAdapter = async (): Promise<GPUAdapter | null> =>
  "gpu" in navigator
    ? await quietly(() => navigator.gpu.requestAdapter({ powerPreference: "high-performance" }))
    : null;

/** An adapter's name, for people. */
export const adapterName = ({ info }: GPUAdapter): string => info.description || info.vendor || "unnamed adapter";

/** How an adapter describes itself: the part of WebGPU's GPUAdapterInfo that is read here. */
export type AdapterDescription = Pick<
  GPUAdapterInfo,
  "isFallbackAdapter" | "vendor" | "architecture" | "device" | "description" | "subgroupMinSize" | "subgroupMaxSize"
>;

/** What of an adapter decides how to compute. */
export interface AdapterTraits {
  /** Whether a processor computes: there workgroup memory and barriers cost more than they save. */
  readonly software: boolean;
  /** How many invocations run in step and can hand each other values, if that is always the same number, else 0. */
  readonly lanes: number;
}

const softwareNames = ["llvmpipe", "lavapipe", "swiftshader", "softpipe", "microsoft basic render"];

/** Whether an adapter is software: it says so itself, or is one of those that are known not to. */
export const isSoftwareAdapter = (
  { isFallbackAdapter, vendor, architecture, device, description }: AdapterDescription,
): boolean => {
  const text = [vendor, architecture, device, description].join(" ").toLowerCase();
  return isFallbackAdapter || softwareNames.some((name) => text.includes(name));
};

/** The traits of an adapter whose device was, or was not, opened with the feature "subgroups". */
const adapterTraits = (info: AdapterDescription, subgroups: boolean): AdapterTraits => ({
  software: isSoftwareAdapter(info),
  lanes: subgroups && info.subgroupMinSize === info.subgroupMaxSize ? info.subgroupMinSize : 0,
});

/** The traits of the adapter of a device. */
export const traitsOf = ({ device }: { readonly device: GPUDevice }): AdapterTraits =>
  adapterTraits(device.adapterInfo, device.features.has("subgroups"));
