import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { fileCodecOf } from "../formats/field_codecs.ts";
import { type Configuration, configurationFields } from "./configuration.ts";
import { decodeWith } from "./decode.ts";
import { checkRules, configurationRules } from "./rules.ts";

const codec = fileCodecOf(configurationFields);

/**
 * A configuration from the value of a JSON text. Absent fields take their defaults.
 *
 * Errors: "configuration", naming the field, what was found and what is allowed, and how many more errors there are.
 *
 * @param where The file's name, for messages.
 */
export const decodeConfiguration = (where: string, value: unknown): Either<Failure, Configuration> =>
  pipe(
    decodeWith(codec, where, value),
    E.chain((decoded) => checkRules(where, decoded, configurationRules)),
  );
