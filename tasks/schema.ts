/** Writes the JSON schemas of configurations and ablations into `configs/`, where its files name them in "$schema". */
import { pipe, TE } from "../lib/dependencies/fp.ts";
import { ablationSchema, configurationSchema, schemaText } from "../lib/experiment/configuration_file.ts";
import { writeText } from "../lib/formats/files.ts";
import type { Command } from "./arguments.ts";
import { main } from "./main.ts";

const command: Command = {
  name: "schema",
  summary: "Writes configs/schema.json and configs/ablation.schema.json, by which editors complete and check fields.",
  flags: [],
};

const files = { "configs/schema.json": configurationSchema, "configs/ablation.schema.json": ablationSchema };

await main(command, () =>
  pipe(
    Object.entries(files),
    TE.traverseArray(([path, schema]) => writeText(path, schemaText(schema))),
    TE.map(() => console.log(`wrote ${Object.keys(files).join(" and ")}`)),
  ));
