import { E, type Either, pipe } from "../dependencies/fp.ts";
import { type Failure, failure } from "../errors.ts";
import type { BackboneConfiguration, Configuration } from "./configuration.ts";

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
  return E.left(refusal(path, `backbone.${other}`, trained[other], wanted[other]));
};

const refusal = (path: string, field: string, trained: string, wanted: string): Failure =>
  failure(
    "configuration",
    `field ${field}`,
    `"${wanted}"`,
    `"${trained}", as ${path} was trained with`,
    `The same weights would compute other numbers: set ${field}=${trained}.`,
  );

/** What makes a depth network compute what it does: its backbone, and what is behind it. */
export type NetworkParts = Pick<Configuration, "backbone" | "network">;

/** {@link describeVariant} of a whole depth network: its fusion, too. */
export const describeNetworkVariant = ({ backbone, network }: NetworkParts): string =>
  `${describeVariant(backbone)}, network.fusion "${network.fusion}"`;

/** {@link checkVariant} of a whole depth network: its fusion, too. Errors: "configuration", naming the field. */
export const checkNetworkVariant = (
  path: string,
  trained: NetworkParts,
  wanted: NetworkParts,
): Either<Failure, void> => {
  const [own, other] = [trained.network.fusion, wanted.network.fusion];
  return pipe(
    checkVariant(path, trained.backbone, wanted.backbone),
    E.chain(() => own === other ? E.right(undefined) : E.left(refusal(path, "network.fusion", own, other))),
  );
};
