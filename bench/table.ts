/** Measurements as people read them. */
import type { BackendName } from "../lib/backend/device.ts";
import type { KernelChoice } from "../lib/backend/kernels.ts";
import { aligned } from "../lib/formats/text_table.ts";
import type { Ceilings } from "./ceilings.ts";
import type { Count } from "./measure.ts";

/** A piece of work on a backend with one kind of kernels. */
export interface Measured extends Count {
  readonly backend: BackendName;
  readonly adapter: string;
  readonly kernels: KernelChoice;
  readonly name: string;
  /** The median. */
  readonly milliseconds: number;
  readonly ceilings: Ceilings;
}

const heading = [
  "work",
  "kernels",
  "ms",
  "× stock",
  "dispatches",
  "MB",
  "GFLOP",
  "GFLOP/s",
  "of ceiling",
  "GB/s",
  "of ceiling",
];

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const timesStock = (each: Measured, all: readonly Measured[]): string => {
  const stock = all.find(({ backend, kernels, name }) =>
    backend === each.backend && kernels === "stock" && name === each.name
  );
  return stock === undefined ? "" : (stock.milliseconds / each.milliseconds).toFixed(2);
};

const rowOf = (each: Measured, all: readonly Measured[]): readonly string[] => {
  const { name, kernels, milliseconds, dispatches, bytes, operations, ceilings } = each;
  const [gigaflops, gigabytes] = [operations / milliseconds / 1e6, bytes / milliseconds / 1e6];
  return [
    name,
    kernels,
    milliseconds.toFixed(1),
    timesStock(each, all),
    String(dispatches),
    (bytes / 1e6).toFixed(1),
    (operations / 1e9).toFixed(2),
    gigaflops.toFixed(1),
    percent(gigaflops / ceilings.gigaflops),
    gigabytes.toFixed(1),
    percent(gigabytes / ceilings.gigabytes),
  ];
};

const section = (measured: readonly Measured[], all: readonly Measured[]): string => {
  const [first] = measured;
  if (first === undefined) return "";
  const { backend, adapter, ceilings: { gigaflops, gigabytes } } = first;
  const title = `${backend} on ${adapter}; ceiling ${gigaflops.toFixed(1)} GFLOP/s, ${gigabytes.toFixed(1)} GB/s`;
  return [title, ...aligned([heading, ...measured.map((each) => rowOf(each, all))], 2)].join("\n");
};

/** A table for each backend, whose rows with own kernels stand below those with TensorFlow.js's. */
export const measuredTable = (all: readonly Measured[]): string => {
  const backends = [...new Set(all.map(({ backend }) => backend))];
  return backends.map((backend) => {
    const own = all.filter((each) => each.backend === backend);
    // What one kind of kernels reached, the backend can do, whoever's kernels run.
    const most = (of: (ceilings: Ceilings) => number): number => Math.max(...own.map(({ ceilings }) => of(ceilings)));
    const ceilings = { gigaflops: most(({ gigaflops }) => gigaflops), gigabytes: most(({ gigabytes }) => gigabytes) };
    const here = own.map((each) => ({ ...each, ceilings }));
    const names = [...new Set(here.map(({ name }) => name))];
    return section(names.flatMap((name) => here.filter((each) => each.name === name)), all);
  }).join("\n\n");
};
