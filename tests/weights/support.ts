/** Weights of small networks as files, in memory. */
import { type ResNetDepth, resNetOfWidth } from "../../lib/cliffnet/backbone.ts";
import { type CliffNet, cliffNetOn } from "../../lib/cliffnet/network.ts";
import { orThrow } from "../../lib/errors.ts";
import { sourceOfBytes } from "../../lib/formats/byte_source.ts";
import { encodeSafetensors, readSafetensors } from "../../lib/formats/safetensors.ts";
import { storedFloat32, type StoredTensor, type TensorFile } from "../../lib/formats/tensor_file.ts";
import type { Variables } from "../../lib/nn/layer.ts";
import { keyOf } from "../../lib/tensor/key.ts";
import { type Branch, disposeTree, leaves } from "../../lib/tensor/tree.ts";
import { readLeaves } from "../support.ts";

/** CLIFFNet on a ResNet that is a sixteenth as wide as the published one. */
export const narrowNetwork = (depth: ResNetDepth): CliffNet => {
  const { backbone, channels } = resNetOfWidth(depth, 4);
  return cliffNetOn(backbone, channels, 8);
};

/** The leaves of first variables, by path with their tree's name in front. */
export const pathsOf = (variables: Variables<Branch, Branch>): readonly string[] =>
  leaves({ ...variables }).map(({ path }) => path);

/** A file in memory. */
export const fileOf = async (tensors: readonly StoredTensor[], name = "weights.safetensors"): Promise<TensorFile> =>
  orThrow(await readSafetensors(sourceOfBytes(name, encodeSafetensors(tensors, {})))());

/** First variables as the tensors of an own checkpoint. The variables are disposed. */
export const storedVariables = async (variables: Variables<Branch, Branch>): Promise<readonly StoredTensor[]> => {
  const read = await readLeaves({ ...variables });
  disposeTree({ ...variables });
  return [...read].map(([path, { shape, values }]) => storedFloat32(path, shape, values));
};

/** The tensors of an own checkpoint of a narrow network. */
export const storedNetwork = (depth: ResNetDepth): Promise<readonly StoredTensor[]> =>
  storedVariables(narrowNetwork(depth).init(keyOf(depth)));

/** All tensors of a file. */
export const readAll = async (file: TensorFile): Promise<readonly StoredTensor[]> =>
  await Promise.all(file.entries.map(async ({ name }) => orThrow(await file.read(name)())));
