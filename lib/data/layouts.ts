/**
 * The layouts in which data sets are read, each told once: from their list come the choices of configurations, what is
 * recognised, messages and the table of the documentation.
 */
import { pipe, TE } from "../dependencies/fp.ts";
import { basename, dirname, relative } from "../dependencies/text.ts";
import { isDepthFile, isPicture } from "../formats/picture_formats.ts";
import { markdownTable } from "../formats/text_table.ts";
import type { TextLine } from "./folders.ts";
import { commaFields, type DataLayout, isSunFrame } from "./layout.ts";
import { chosenLists, rootsOf } from "./lists.ts";
import { listRange, nyuRange, rangeText, streetRange, sunRange } from "./published_ranges.ts";

const isLabelled = (name: string): boolean => /\.mat$/i.test(name) && !/^splits\.mat$/i.test(name);

/** NYU Depth V2, labelled: a file of MATLAB. */
export const nyuLabelled: DataLayout<"nyu-labelled"> = {
  name: "nyu-labelled",
  signs: {
    text: "nyu_depth_v2_labeled.mat, or another .mat file but splits.mat",
    file: isLabelled,
    folder: ({ files }) => files.some(isLabelled) ? files.filter(isLabelled) : null,
  },
  uses: ["depth", "testShare"],
  depth: "metres, holes filled, or `raw`",
  range: nyuRange,
  splits: "the official 795 and 654",
  load: async () => {
    const { nyuDepthV2 } = await import("./nyu_depth_v2.ts");
    return ({ depth, testShare }, { folder, files: [file = folder] }) =>
      nyuDepthV2({ file, depth: depth === "raw" ? "raw" : "filled", testShare });
  },
};

/** The scale of depth that the options name; undefined for the layout's own. */
const scaleIn = (depthScale: number): number | undefined => depthScale === 0 ? undefined : depthScale;

const isLine = ({ text }: TextLine): boolean => {
  const [image = "", depth = "", focal = "1", ...more] = text.split(/\s+/);
  return isPicture(image) && (depth === "None" || isDepthFile(depth)) && Number(focal) > 0 && more.length === 0;
};

/** Lists as those of BTS: a picture, a depth map and perhaps a focal length in each line. */
export const bts: DataLayout<"bts"> = {
  name: "bts",
  signs: {
    text: "a .txt list with lines of IMAGE DEPTH, or IMAGE DEPTH FOCAL",
    list: (lines) => lines.every(isLine),
  },
  uses: ["list", "testList", "imageRoot", "depthRoot", "depthScale", "testShare"],
  depth: "PNG, TIFF, NPY or NPZ: 1000 = 1 m, floats in metres",
  range: listRange,
  splits: "a list each",
  load: async () => {
    const { btsDataset } = await import("./bts.ts");
    return ({ list, testList, imageRoot, depthRoot, depthScale, testShare }, found) => {
      const roots = rootsOf({ imageRoot, depthRoot }, found.folder);
      const listed = (path: string | undefined) => path === undefined ? undefined : { list: path, ...roots };
      return pipe(
        TE.fromEither(chosenLists({ list, testList }, found)),
        TE.chain(({ train, test }) =>
          btsDataset({ train: listed(train), test: listed(test), testShare, depthScale: scaleIn(depthScale) })
        ),
      );
    };
  },
};

const isPairLine = ([image = "", depth = "", ...more]: readonly string[]): boolean =>
  isPicture(image) && isDepthFile(depth) && more.length === 0;

/** The part of NYU Depth V2 that came with DenseDepth: two lists of pairs. */
export const denseDepth: DataLayout<"densedepth"> = {
  name: "densedepth",
  signs: {
    text: "nyu2_train.csv, also in data/, or a CSV with lines of IMAGE,DEPTH and no headings",
    list: (lines) => lines.every((line) => isPairLine(commaFields(line))),
    deeperLists: ["data/nyu2_train.csv", "data/nyu2_test.csv"],
  },
  uses: ["list", "testList", "imageRoot", "depthRoot", "testShare"],
  depth: "8 or 16 bits, white = 10 m; test in mm",
  range: nyuRange,
  splits: "a list each",
  load: async () => {
    const { denseDepthDataset } = await import("./dense_depth.ts");
    return ({ list, testList, imageRoot, depthRoot, testShare }, found) =>
      pipe(
        TE.fromEither(chosenLists({ list, testList }, found)),
        TE.chain(({ train, test }) =>
          denseDepthDataset({
            folder: found.folder,
            list: train,
            testList: test,
            ...rootsOf({ imageRoot, depthRoot }, found.folder),
            testShare,
          })
        ),
      );
  },
};

const lists: readonly string[] = ["rgb.txt", "depth.txt"];

/** Sequences of the TUM RGB-D benchmark. */
export const tum: DataLayout<"tum"> = {
  name: "tum",
  signs: {
    text: "rgb.txt and depth.txt, also in folders of it",
    file: (name) => lists.includes(name),
    folder: ({ files }) => lists.every((name) => files.includes(name)) ? [] : null,
    levels: 1,
  },
  uses: ["depthScale", "testShare"],
  depth: "PNG, 5000 = 1 m; paired within 20 ms",
  splits: "the last `testShare`",
  load: async () => {
    const { tumDataset } = await import("./tum.ts");
    return ({ depthScale, testShare }, { folder }) =>
      tumDataset({ folder, testShare, depthScale: scaleIn(depthScale) });
  },
};

/** SUN RGB-D: a folder a frame. */
export const sunRgbd: DataLayout<"sunrgbd"> = {
  name: "sunrgbd",
  signs: {
    text: "folders image, depth and depth_bfx with intrinsics.txt, also deeper",
    folder: (folder) => isSunFrame(folder) ? [] : null,
    levels: 6,
  },
  uses: ["depth", "testShare"],
  depth: "PNG, bits rotated; `raw` or `filled`",
  range: sunRange,
  splits: "the last `testShare`",
  load: async () => {
    const { sunDataset } = await import("./sun_rgbd.ts");
    return ({ depth, testShare }, { folder }) =>
      sunDataset({ folder, testShare, depth: depth === "filled" ? "filled" : "raw" });
  },
};

/** Cityscapes, whose depth is measured by two cameras. */
export const cityscapes: DataLayout<"cityscapes"> = {
  name: "cityscapes",
  signs: {
    text: "the folders leftImg8bit, disparity and camera",
    folder: ({ files, folders }) => {
      const names = [...files, ...folders];
      const areThere = (ending: string) =>
        ["leftImg8bit", "disparity"].every((name) => names.includes(`${name}${ending}`));
      return areThere("") || areThere("_trainvaltest") ? [] : null;
    },
  },
  uses: [],
  depth: "metres from disparity and camera",
  range: streetRange,
  splits: "train and val; city = scene",
  load: async () => {
    const { cityscapesDataset } = await import("./cityscapes.ts");
    return (_, { folder }) => cityscapesDataset({ folder });
  },
};

const hasColumns = ([heading]: readonly TextLine[]): boolean => {
  const columns = heading === undefined ? [] : commaFields(heading).map((field) => field.replace(/^"(.*)"$/, "$1"));
  return ["image", "depth", "split"].every((column) => columns.includes(column));
};

/** This library's own: one list of pairs, with their scenes and splits. */
export const csv: DataLayout<"csv"> = {
  name: "csv",
  signs: {
    text: "a CSV with the columns image, depth and split in its first line",
    list: hasColumns,
  },
  uses: ["list", "testList", "imageRoot", "depthRoot", "depthScale"],
  depth: "PNG, TIFF, NPY or NPZ: 1000 = 1 m, floats in metres",
  splits: "as listed, or a list each",
  load: async () => {
    const { csvDataset } = await import("./csv.ts");
    return ({ list, testList, imageRoot, depthRoot, depthScale }, found) =>
      pipe(
        TE.fromEither(chosenLists({ list, testList }, found)),
        TE.chain(({ train, test }) =>
          csvDataset({
            folder: dirname(train ?? test ?? found.folder),
            ...csvLists(train, test, testList !== ""),
            ...rootsOf({ imageRoot, depthRoot }, found.folder),
            depthScale: scaleIn(depthScale),
          })
        ),
      );
  },
};

/** Its lines say what they are for: a lone list is read by them, whatever it is called, unless the options say otherwise. */
const csvLists = (train: string | undefined, test: string | undefined, named: boolean) => {
  if (train === undefined && test !== undefined && !named) return { list: basename(test) };
  const from = dirname(train ?? test ?? "");
  const path = (list: string | undefined) => list === undefined ? undefined : relative(from, list);
  return { list: path(train), testList: path(test) };
};

const isShard = (name: string): boolean => /(\.tar$|^shards\.json$)/i.test(name);

/** Tar files in the convention of WebDataset, from a folder or an address. */
export const shards: DataLayout<"shards"> = {
  name: "shards",
  signs: {
    text: "tar files, or shards.json, which lists them",
    file: isShard,
    address: true,
    folder: ({ files }) => files.some(isShard) ? files.filter(isShard) : null,
  },
  uses: ["shuffleBuffer"],
  depth: "PNG in millimetres, or NPY in metres",
  splits: "as packed",
  load: async () => {
    const { shardsDataset } = await import("./shards/shards_dataset.ts");
    return ({ shuffleBuffer }, { folder }) => shardsDataset({ folder, shuffleBuffer });
  },
};

/** The layouts in which data sets are read. Another one is its record, in a file of its own, and a line here.
 * @category Data */
export const dataLayouts = [
  nyuLabelled,
  bts,
  denseDepth,
  tum,
  sunRgbd,
  cityscapes,
  csv,
  shards,
] as const;

/** The name of a layout; `csv` is this library's own, `shards` are tar files.
 * @category Data */
export type Layout = (typeof dataLayouts)[number]["name"];

/** Every layout by its name.
 * @category Data */
export const layouts: readonly Layout[] = dataLayouts.map(({ name }) => name);

/** The layout of a name. */
export const layoutOf = (name: Layout): DataLayout<Layout> => {
  const found = dataLayouts.find((layout) => layout.name === name);
  if (found === undefined) throw new Error(`no layout is called ${name}`);
  return found;
};

/** What is special about each layout, as a table in Markdown. */
export const layoutTable = (): string =>
  markdownTable([
    ["layout", "recognised by", "depth", "range", "splits"],
    ...dataLayouts.map((layout) => {
      const { name, signs, depth, splits } = layout;
      return [`\`${name}\``, signs.text, depth, rangeText(layout), splits];
    }),
  ]);
