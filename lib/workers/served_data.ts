import type { AugmentConfiguration } from "../data/fields.ts";
import type { Dataset, Split } from "../data/dataset.ts";
import type { ChangedRead } from "../data/split.ts";
import type { Job, SampleServer } from "./job.ts";

const servedSplit = (split: Split, server: SampleServer, name: Job["split"], size: Job["size"]): Split => ({
  ...split,
  read: (index) => server.read({ split: name, index, size, change: null }),
});

/** A data set whose samples a server reads, as the data set has them or at the network's input size. */
export const servedDataset = (dataset: Dataset, server: SampleServer, size: Job["size"]): Dataset => ({
  ...dataset,
  train: servedSplit(dataset.train, server, "train", size),
  test: servedSplit(dataset.test, server, "test", size),
});

/** Training samples at the network's input size, changed at random by the server that reads them. */
export const servedChanges = (server: SampleServer, augment: AugmentConfiguration): ChangedRead => (index, key) =>
  server.read({ split: "train", index, size: "network", change: { augment, key } });
