/** What a configuration says of the depth network: known without TensorFlow.js. */
import { fusionNames, fusions } from "./fusions.ts";

/** The fields of the ResNet. */
export const backboneFields = {
  layers: { type: "choice", of: [18, 34, 50, 101], default: 50, description: "Layers of the ResNet." },
  width: {
    type: "integer",
    least: 1,
    most: 1024,
    default: 64,
    description: "Channels of the ResNet's stem, 64 as published.",
  },
  strideOn: {
    type: "choice",
    of: ["1x1", "3x3"],
    default: "1x1",
    description:
      "Which convolution of a bottleneck halves the size: the first, as in the paper's (Caffe), or the second, " +
      "as in torchvision's. ResNets of 18 and 34 layers have no bottlenecks.",
  },
  preprocessing: {
    type: "choice",
    of: ["bgr-caffe", "rgb-imagenet", "rgb-unit", "rgb-centred"],
    default: "bgr-caffe",
    description: 'How pictures are prepared for the ResNet: "bgr-caffe" in 0…255 minus the mean, as the paper\'s; ' +
      '"rgb-imagenet" standardised, as torchvision\'s; "rgb-unit" in 0…1; "rgb-centred" in −1…1.',
  },
  weights: {
    type: "text",
    default: "",
    description: 'A file whose ResNet training begins with, such as an ImageNet classifier of PyTorch; "" for none.',
  },
} as const;

const fusionDescription: string = `How the estimator joins the levels of the pyramid: ${
  fusions.map(({ name, description }) => `"${name}", ${description}`).join("; ")
}.`;

/** The fields of the network behind its backbone. */
export const networkFields = {
  features: {
    type: "integer",
    least: 1,
    most: 4096,
    default: 256,
    description: "Channels of pyramid and estimator, 256 as published.",
  },
  initialDepth: {
    type: "number",
    least: 0,
    most: 1e3,
    default: 0,
    description: "The bias of the last convolution before training, in metres: about the data's mean depth, or 0.",
  },
  fusion: { type: "choice", of: fusionNames, default: "cliff", description: fusionDescription },
} as const;
