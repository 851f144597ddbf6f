import { E, type Either } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { BackboneConfiguration } from "./configuration.ts";

/** What changes the numbers of a backbone, but no shape of its tensors. */
const fields = ["strideOn", "preprocessing"] as const;

/** Whether a field matters: ResNets of 18 and 34 layers have no bottleneck that could have its stride elsewhere. */
const matters = (field: typeof fields[number], { layers }: BackboneConfiguration): boolean =>
  field !== "strideOn" || layers >= 50;

/** The variant in words, such as `backbone.strideOn "1x1", backbone.preprocessing "bgr-caffe"`. */
export const describeVariant = (backbone: BackboneConfiguration): string =>
  fields.filter((field) => matters(field, backbone)).map((field) => `backbone.${field} "${backbone[field]}"`).join(
    ", ",
  );

/**
 * Whether weights that were trained as one variant are wanted as the same: another one has tensors of the same shapes, and
 * would quietly compute other numbers. Errors: "configuration", naming the field.
 */
export const checkVariant = (
  path: string,
  trained: BackboneConfiguration,
  wanted: BackboneConfiguration,
): Either<Failure, void> => {
  const other = fields.find((field) => matters(field, wanted) && trained[field] !== wanted[field]);
  if (other === undefined) return E.right(undefined);
  const advice = `The same weights would compute other numbers: set backbone.${other}=${trained[other]}.`;
  return E.left(
    failure(
      "configuration",
      `field backbone.${other}`,
      `"${wanted[other]}"`,
      `"${trained[other]}", as ${path} was trained with`,
      advice,
    ),
  );
};
