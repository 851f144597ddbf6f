import { protocolNames } from "./protocols.ts";

/** The fields of a configuration that say how a network is evaluated. */
export const evaluationFields = {
  protocol: {
    type: "choice",
    of: protocolNames,
    default: "own-size",
    description: "The name of the protocol by which predictions are compared with ground truth.",
  },
  near: {
    type: "number",
    least: 0,
    most: 1e3,
    default: 0,
    description: "Metres to which nearer predictions are set, above 0; 0, the default, for what the protocol says.",
  },
  far: {
    type: "number",
    least: 0,
    most: 1e6,
    default: 0,
    description: "Metres to which farther predictions are set; 0, the default, for what the protocol says.",
  },
  pictures: {
    type: "integer",
    least: 0,
    most: 1000,
    default: 4,
    description: "How many test samples are drawn as pictures.",
  },
} as const;
