/** Measurements of memory as people read them. */
import { aligned } from "../lib/formats/text_table.ts";
import type { AfterSteps, Memory, Steadiness, StepMemory } from "./memory.ts";

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

const stepHeading = [
  "megabytes",
  "parameters",
  "gradients",
  "moments",
  "activations",
  "sum",
  "most in use",
  "× sum",
  "most allocated",
  "× sum",
];

const stepRow = ({ backend, name, kept, peak }: StepMemory): readonly string[] => {
  const { parameters, gradients, moments, activations, sum } = kept;
  return [
    `${backend}: ${name}`,
    ...[parameters, gradients, moments, activations, sum, peak.inUse].map(megabytes),
    (peak.inUse / sum).toFixed(2),
    megabytes(peak.allocated),
    (peak.allocated / sum).toFixed(2),
  ];
};

const stepsHeading = [
  "a small network",
  "steps",
  "tensors",
  "buffers",
  "in use, MB",
  "allocated, MB",
  "resident, MB",
  "growth",
];

const stepsRow = (backend: string, after: AfterSteps, growth: string): readonly string[] => [
  backend,
  ...[after.steps, after.tensors, after.buffers].map(String),
  ...[after.inUse, after.allocated, after.resident].map(megabytes),
  growth,
];

const stepsRows = ({ backend, early, late }: Steadiness): readonly (readonly string[])[] => [
  stepsRow(backend, early, ""),
  stepsRow(backend, late, `${(100 * (late.resident / early.resident - 1)).toFixed(1)} %`),
];

const table = (heading: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : [aligned([heading, ...rows], 1).join("\n")];

/** A table of what single steps take, and one of what many do; nothing for no measurements. */
export const memoryTable = (all: readonly Memory[]): string =>
  [
    ...table(stepHeading, all.flatMap((each) => each.kind === "step memory" ? [stepRow(each)] : [])),
    ...table(stepsHeading, all.flatMap((each) => each.kind === "steadiness" ? stepsRows(each) : [])),
  ].join("\n\n");
