/** CLIFFNet as a module of PyTorch: the table of its layers is made from the names and shapes of the network here. */
import type { Preprocessing } from "../cliffnet/network.ts";
import type { Parametrized } from "../nn/layer.ts";
import { type Branch, countParameters, formLeaves, type Shape } from "../tensor/tree.ts";
import { publishedName } from "./recognize.ts";
import { pythonHead, pythonNetwork, pythonTrial } from "./pytorch_source.ts";

/** A network of CLIFF blocks on a ResNet, as far as its shapes do not tell what it computes.
 * @category Weights */
export interface PytorchOptions {
  /** Which convolution of a bottleneck has the stride. */
  readonly strideOn: "1x1" | "3x3";
  /** How pictures are prepared. */
  readonly preprocessing: Preprocessing;
}

/** The trial's numbers of the published network, in PyTorch's float64. */
const publishedTrial = [-1.1064391570860728, 1.1706398937771656, -2.0180923289519117, 0.47121149479894325] as const;

/** How many parameters the published network has. */
const publishedSize = 36_892_481;

const preparations: Readonly<Record<Preprocessing, string>> = {
  "bgr-caffe": "pictures.flip(1) * 255 - pictures.new_tensor([102.9801, 115.9465, 122.7717]).reshape(1, 3, 1, 1)",
  "rgb-imagenet": "(pictures - pictures.new_tensor([0.485, 0.456, 0.406]).reshape(1, 3, 1, 1)) / " +
    "pictures.new_tensor(\n        [0.229, 0.224, 0.225]\n    ).reshape(1, 3, 1, 1)",
  "rgb-unit": "pictures",
  "rgb-centred": "2 * pictures - 1",
};

/** Which part of a block has the stride, for each kind of block by its last part. */
const stridedPart = (path: string, { strideOn }: PytorchOptions): boolean => {
  const part = path.split("/").at(-1);
  return part === "shortcut" || part === "first" || part === (strideOn === "1x1" ? "reduce" : "spatial");
};

const strideOf = (path: string, options: PytorchOptions): number =>
  path === "backbone/stem" || /^backbone\/stage[345]\/block1\//.test(path) && stridedPart(path, options) ? 2 : 1;

/** The published name of the module that a leaf belongs to. @throws Error if there is none: not CLIFFNet's blocks. */
const moduleName = (path: string): string => {
  const name = publishedName(path);
  if (name === undefined) throw new Error(`no published name of "${path}"`);
  return name.replace(/\.[^.]*$/, "");
};

const python = (value: string | number | boolean | null): string =>
  value === null ? "None" : typeof value === "boolean" ? (value ? "True" : "False") : JSON.stringify(value);

/** A row for a convolution, with the batch norm after it where there is one. */
const rowOf = (path: string, shape: Shape, paths: ReadonlySet<string>, options: PytorchOptions): string => {
  const layer = path.replace(/(\/conv)?\/kernel$/, "");
  const convolution = path.replace(/\/kernel$/, "");
  const norm = paths.has(`${layer}/norm/gamma`) ? moduleName(`${layer}/norm/gamma`) : null;
  const [height = 1, , inputs = 1, outputs = 1] = shape;
  const numbers = [inputs, outputs, height, strideOf(layer, options), paths.has(`${convolution}/bias`)];
  return `    ${python(layer)}: (${[moduleName(path), norm, ...numbers].map(python).join(", ")}),`;
};

const blocksOf = (paths: ReadonlySet<string>, level: number): number =>
  new Set([...paths].flatMap((path) => path.match(new RegExp(`^backbone/stage${level}/(block\\d+)/`))?.[1] ?? [])).size;

/**
 * The text of a module of PyTorch, of version 1.9 or later, whose `CliffNet` computes what the network does, and whose state
 * dict has the published names: those of `toPublished`. Of the published network it holds numbers by which it tries itself.
 *
 * @throws Error if the network is not made of CLIFF blocks on a ResNet: only these have published names.
 * @category Weights
 */
export const pytorchModule = <P extends Branch, S extends Branch>(
  { form }: Pick<Parametrized<P, S>, "form">,
  options: PytorchOptions,
): string => {
  const leaves = formLeaves(form.params);
  const paths = new Set(leaves.map(({ path }) => path));
  const rows = leaves.filter(({ path }) => path.endsWith("/kernel")).map(({ path, shape }) =>
    rowOf(path, shape, paths, options)
  );
  const parts = paths.has("backbone/stage2/block1/expand/conv/kernel")
    ? '("reduce", "spatial", "expand")'
    : '("first", "second")';
  const published = countParameters(form.params) === publishedSize && options.strideOn === "1x1";
  return [
    pythonHead,
    "# By the path of each layer in CLIFFNet on Deno: the names of its convolution and batch norm in a state dict, its input\n",
    "# and output channels, the size of its kernel, its stride, and whether the convolution has a bias.\n",
    `LAYERS = {\n${rows.join("\n")}\n}\n`,
    `BLOCKS = {${[2, 3, 4, 5].map((level) => `${level}: ${blocksOf(paths, level)}`).join(", ")}}\n`,
    `PARTS = ${parts}\n`,
    `EXPECTED = ${published ? `(${publishedTrial.join(", ")})` : "None"}\n\n`,
    `\ndef prepare(pictures):\n    """Pictures, R, G, B in 0...1, to what the network takes."""\n`,
    `    return ${preparations[options.preprocessing]}\n\n`,
    pythonNetwork,
    pythonTrial,
  ].join("");
};
