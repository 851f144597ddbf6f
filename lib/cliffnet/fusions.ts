/**
 * The fusions that a configuration chooses from: how the levels of the pyramid become one. From their list come names, types,
 * choices of the configuration, messages and the table of the documentation.
 */
import { markdownTable } from "../formats/text_table.ts";
import type { Branch } from "../tensor/tree.ts";
import { type Fusion, fusionMaker, type FusionRecord } from "./levels.ts";

/** Three CLIFF blocks. */
export const cliff: FusionRecord<"cliff"> = {
  name: "cliff",
  description: "the paper's",
  parameters: (c) => 108 * c ** 2 + 12 * c,
  load: async () => fusionMaker((await import("./cliff.ts")).cliffFusion),
};

/** Three CLIFF blocks without their identity path. */
export const cliffNoIdentity: FusionRecord<"cliff-no-identity"> = {
  name: "cliff-no-identity",
  description: "without the sum with the upsampled level",
  parameters: (c) => 108 * c ** 2 + 12 * c,
  load: async () => fusionMaker((await import("./cliff.ts")).cliffFusionWithoutIdentity),
};

/** Three CLIFF blocks without attention. */
export const cliffNoAttention: FusionRecord<"cliff-no-attention"> = {
  name: "cliff-no-attention",
  description: "the upsampled level as it is in place of its product with the finer one",
  parameters: (c) => 108 * c ** 2 + 12 * c,
  load: async () => fusionMaker((await import("./cliff.ts")).cliffFusionWithoutAttention),
};

/** All levels at once. */
export const concatenation: FusionRecord<"concatenation"> = {
  name: "concatenation",
  description: "all levels at P2's size side by side, four 3×3 convolutions; 2.3 times the multiplications",
  parameters: (c) => 108 * c ** 2 + 10 * c,
  load: async () => fusionMaker((await import("./cliff.ts")).concatenationFusion),
};

/** Sums from the coarsest level to the finest. */
export const topDownSum: FusionRecord<"sum"> = {
  name: "sum",
  description: "top-down sums, four 3×3 convolutions after each",
  parameters: (c) => 108 * c ** 2 + 24 * c,
  load: async () => fusionMaker((await import("./cliff.ts")).sumFusion),
};

/**
 * Every fusion; all have 108 C² weights for C channels, and some numbers of batch norms. Another one is its record, in a file
 * of its own, and a line here.
 * @category Network
 */
export const fusions = [
  cliff,
  cliffNoIdentity,
  cliffNoAttention,
  concatenation,
  topDownSum,
] as const;

/** The name of a fusion.
 * @category Network */
export type FusionName = typeof fusions[number]["name"];

/** The names of the fusions, in the order of the list.
 * @category Network */
export const fusionNames: readonly FusionName[] = fusions.map(({ name }) => name);

const byName = Object.fromEntries(fusions.map((each) => [each.name, each])) as {
  readonly [N in FusionName]: FusionRecord<N>;
};

/** What is known of a fusion before it is loaded.
 * @category Network */
export const fusionNamed = <N extends FusionName>(name: N): FusionRecord<N> => byName[name];

/** The fusion of a name, for levels of `features` channels each.
 * @category Network */
export const fusionOf = async <C extends number>(name: FusionName, features: C): Promise<Fusion<C, Branch, Branch>> => {
  const make = await byName[name].load();
  return make(features);
};

/** Channels of each level in the published network, and its parameters outside of the fusion. */
const published = { features: 256, others: 29_811_521 } as const;

/** The fusions as a table in Markdown, with their parameters and those of the whole network at its published size. */
export const fusionTable = (): string =>
  markdownTable([
    ["fusion", "what", "parameters", "whole network"],
    ...fusions.map(({ name, description, parameters }) => {
      const own = parameters(published.features);
      return [`\`${name}\``, description, own.toLocaleString("en"), (published.others + own).toLocaleString("en")];
    }),
  ]);
