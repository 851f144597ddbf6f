import type { DataLayout } from "./layout.ts";

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
    const { shardsDataset } = await import("../shards/shards_dataset.ts");
    return ({ shuffleBuffer }, { folder }) => shardsDataset({ folder, shuffleBuffer });
  },
};
