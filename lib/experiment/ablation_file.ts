import { E, type Either, pipe } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import { fileCodecOf } from "../formats/field_codecs.ts";
import { type Ablation, ablationFields, type AblationRow } from "./ablation_fields.ts";
import type { Configuration } from "./configuration.ts";
import { decodeConfiguration, decodeWith, mergeFields } from "./configuration_file.ts";
import { ablationRules, checkRules } from "./rules.ts";

const codec = fileCodecOf(ablationFields);

/**
 * An ablation from the value of a JSON text; what its rows set is decoded by {@link rowConfiguration}.
 *
 * Errors: "configuration", naming the row and the field.
 *
 * @param where The file's name, for messages.
 */
export const decodeAblation = (where: string, value: unknown): Either<Failure, Ablation> =>
  pipe(
    decodeWith(codec, where, value),
    E.chain((ablation) => checkRules(where, ablation, ablationRules)),
  );

/**
 * The configuration of a row with a seed: the fields of the base, those of the row in their place.
 *
 * Errors: "configuration", naming the row and the field.
 *
 * @param where The file's name, for messages.
 * @param fields The fields of the base.
 * @param change What the row changes; its loss file as a path that can be opened.
 */
export const rowConfiguration = (
  where: string,
  fields: unknown,
  name: string,
  change: AblationRow,
  seed: number,
): Either<Failure, Configuration> => {
  const own = change.lossFile === "" ? {} : { lossFile: change.lossFile };
  const ofLoss = Object.hasOwn(change.set, "loss") ? { lossFile: "" } : {};
  const value = mergeFields(fields, { ...ofLoss, ...change.set, ...own, seed });
  return decodeConfiguration(`${where}, row "${name}"`, value);
};
