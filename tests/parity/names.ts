import { publishedName } from "../../lib/weights/recognize.ts";

/** The published name of a parameter or statistic, by its path from the network's parts or from "stages". */
export const nameOf = (path: string): string => {
  const name = publishedName(path);
  if (name === undefined) throw new Error(`"${path}" has no published name`);
  return name;
};
