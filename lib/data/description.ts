/** What was taken for data, in words. */
import type { Dataset } from "./dataset.ts";
import type { FilesData, ModuleData } from "./fields.ts";
import { dataLayouts } from "./layouts.ts";

const plain = (markdown: string): string => markdown.replaceAll("`", "");

/** What a metre is in the depth files. */
const depthOf = ({ depthScale, depth }: FilesData, layout: string | undefined): string => {
  const record = dataLayouts.find(({ name }) => name === layout);
  const stored = depthScale > 0 ? `${depthScale} units = 1 m (data.depthScale)` : plain(record?.depth ?? "");
  return `depth ${stored}${depth === "published" ? "" : `, ${depth}`}`;
};

/** How the depth of data is told. */
const depthText = (data: FilesData | ModuleData, layout: string | undefined): string =>
  data.kind === "module" ? "depth in metres" : `layout ${layout ?? "unknown"}, ${depthOf(data, layout)}`;

/**
 * What was taken for data in files, or of a module, in two lines for people: where they lie, in which layout, what a metre is in their depth
 * and what is cropped; then how many samples each split has, why, and what is left out.
 */
export const describeData = (
  data: FilesData | ModuleData,
  { name, layout, train, test, omitted, remarks }: Dataset,
): string => {
  const crop = data.crop.length === 2 ? `crop of ${data.crop.join("×")} from the centre` : "no crop";
  const left = (omitted ?? []).map((each) => `left out: ${each.count} ${each.what}`);
  const splits = [`${train.size} to train on, ${test.size} to test on`, ...remarks ?? [], ...left];
  return [
    `data: ${data.kind === "module" ? `${data.file}, ` : ""}${name}, ${depthText(data, layout)}, ${crop}`,
    `samples: ${splits.join("; ")}`,
  ].join("\n");
};
