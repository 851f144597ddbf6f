import { decodeConfiguration } from "../../lib/experiment/configuration_file.ts";
import type { FilesData } from "../../lib/experiment/configuration.ts";
import { orThrow } from "../../lib/errors.ts";

const { data } = orThrow(decodeConfiguration("a test", { data: { kind: "files" } }));
if (data.kind !== "files") throw new Error("no files");

/** Files whose every field is at its default. */
export const usualFiles: FilesData = data;
