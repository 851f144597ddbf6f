/** Names that other programs give to weights, against this library's paths: tables that are read in either direction. */

/**
 * A table of names. Both sides may hold `@`, the number of a residual block, which is counted from 1 in own paths and from
 * 0 elsewhere.
 */
export interface Naming {
  /** Own paths by foreign names. */
  readonly own: ReadonlyMap<string, string>;
  /** Foreign names by own paths. */
  readonly foreign: ReadonlyMap<string, string>;
  /** Finds the number of a block in a foreign name: what comes before it, the number, what comes after. */
  readonly block: RegExp;
}

/** Own path and foreign names of a convolution and the batch norm after it. */
export type Unit = readonly [own: string, convolution: string, norm: string];

/** Own path and foreign name of a layer with weights and perhaps a bias. */
export type Single = readonly [own: string, foreign: string];

/** An own path and a foreign name. */
type Row = readonly [own: string, foreign: string];

const weightLeaves: readonly Row[] = [["kernel", "weight"], ["bias", "bias"]];

const normLeaves: readonly Row[] = [
  ["gamma", "weight"],
  ["beta", "bias"],
  ["mean", "running_mean"],
  ["variance", "running_var"],
];

const rowsUnder = (leaves: readonly Row[], own: string, foreign: string): readonly Row[] =>
  leaves.map(([leaf, name]): Row => [`${own}/${leaf}`, `${foreign}.${name}`]);

const rowsOf = ([own, convolution, norm]: Unit): readonly Row[] => [
  ...rowsUnder(weightLeaves, `${own}/conv`, convolution),
  ...rowsUnder(normLeaves, `${own}/norm`, norm),
];

/** The table of some layers. `block` finds the number of a block in a foreign name, in its second group. */
export const namingOf = (units: readonly Unit[], singles: readonly Single[], block: RegExp): Naming => {
  const rows = [
    ...units.flatMap(rowsOf),
    ...singles.flatMap(([own, foreign]) => rowsUnder(weightLeaves, own, foreign)),
  ];
  return {
    own: new Map(rows.map(([own, foreign]) => [foreign, own])),
    foreign: new Map(rows),
    block,
  };
};

const ownBlock = /^(.*\/block)([1-9][0-9]{0,2})(\/.*)$/;

/** Looks a name up in one side of a table; the block's number becomes `shift` higher on the other side. */
const translate = (
  table: ReadonlyMap<string, string>,
  name: string,
  block: RegExp,
  shift: number,
): string | undefined => {
  const [, before, number, after] = block.exec(name) ?? [];
  if (number === undefined) return name.includes("@") ? undefined : table.get(name);
  return table.get(`${before}@${after}`)?.replace("@", String(Number(number) + shift));
};

/** The foreign name of a parameter or statistic with an own path, or undefined if the table has none. */
export const foreignName = (naming: Naming, path: string): string | undefined =>
  translate(naming.foreign, path, ownBlock, -1);

/** The own path of what has a foreign name, or undefined if the table has none. */
export const ownPath = (naming: Naming, name: string): string | undefined =>
  translate(naming.own, name, naming.block, 1);
