import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import { fileCodecOf } from "../formats/field_codecs.ts";
import { type Configuration, configurationFields, type HierarchicalTerm } from "./configuration.ts";
import { firstOf } from "./first_error.ts";
import { isMade } from "./generator_names.ts";

/** How many levels a generator has; Sobel's scales end where a map would have no pixels. */
const levelsOf = (generator: HierarchicalTerm["generator"], { generators, data }: Configuration): number => {
  if (isMade(generator)) return generators[generator].widths.length;
  return generator === "sobel" ? 1 : 1 + Math.floor(Math.log2(Math.min(data.height, data.width)));
};

/** Errors if a term of the loss weights more levels than its generator has. */
const checkLevels = (where: string, decoded: Configuration): Either<Failure, Configuration> => {
  for (const [index, each] of decoded.loss.entries()) {
    if (each.kind !== "hierarchical") continue;
    const levels = levelsOf(each.generator, decoded);
    if (each.weights.length <= levels + 1) continue;
    const found = `${each.weights.length} weights`;
    const expected = `at most ${levels + 1}: of the depth itself and of the ${levels} levels of "${each.generator}"`;
    return E.left(failure("configuration", `${where}, field loss.${index}.weights`, found, expected));
  }
  return E.right(decoded);
};

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
    codec.decode(value),
    E.mapLeft((errors) => firstOf(where, errors)),
    E.chain((decoded) => checkLevels(where, decoded)),
  );
