/** Which kernels a piece of work asks TensorFlow.js for. */
import { tf } from "../../../lib/dependencies/tensorflow.ts";

/** The arguments that are there, but for how many there are in a list, and the attributes that choose between forms. */
const formOf = (name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): string => {
  const parts = new Set(Object.keys(inputs).map((key) => /^\d+$/.test(key) ? "…" : key));
  const choices = Object.entries(attributes)
    .filter(([, value]) => typeof value === "string" || typeof value === "boolean")
    .map(([key, value]) => `${key}: ${value}`);
  return `${name}(${[...[...parts].toSorted(), ...choices.toSorted()].join(", ")})`;
};

/**
 * Runs the work and gives the kernels that it ran, each with the names of its arguments and what it is to be, such
 * as `Sum(x, keepDims: false)`: a form of a kernel that is not tested is as good as a kernel that is not.
 */
export const kernelsOf = async (run: () => unknown): Promise<ReadonlySet<string>> => {
  const engine = tf.engine();
  const original = engine.runKernel;
  const forms = new Set<string>();
  engine.runKernel = (name, inputs, attributes) => {
    forms.add(formOf(name, inputs, attributes ?? {}));
    return original.call(engine, name, inputs, attributes) as never;
  };
  try {
    await run();
  } finally {
    engine.runKernel = original;
  }
  return forms;
};
