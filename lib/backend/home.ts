/**
 * The device that a tensor is of. TensorFlow.js would move it to the one that is open now, which works from a processor, fails
 * deep inside from a GPU, and reads zeros from a GPU that was closed.
 */
import { tf } from "../dependencies/tensorflow.ts";
import { type Failure, failure, FailureError } from "../errors.ts";

const nameOf = (backend: tf.KernelBackend | undefined): string =>
  Object.entries(tf.engine().registry).find(([, each]) => each === backend)?.[0] ?? "a device that was closed";

const otherDevice = (own: tf.KernelBackend | undefined): Failure =>
  failure(
    "device",
    "the tensors of a state",
    `some of ${nameOf(own)}`,
    `those of the device that is open now, ${tf.getBackend()}`,
    "Weights and states do not go along when another device is opened: save them before, and read them after it.",
  );

const homeOf = (dataId: tf.DataId): tf.KernelBackend | undefined => tf.engine().state.tensorInfo.get(dataId)?.backend;

/** @throws FailureError of kind "device" for a tensor of another device than the one that is open. */
export const checkHome = ({ dataId, isDisposed }: tf.Tensor): void => {
  const own = homeOf(dataId);
  if (!isDisposed && own !== tf.backend()) throw new FailureError(otherDevice(own));
};

/** From now on a tensor of another device is an error in words wherever it is used. Calling it again changes nothing. */
export const keepTensorsHome = (): void => {
  tf.engine().moveData = (_, dataId) => {
    throw new FailureError(otherDevice(homeOf(dataId)));
  };
};
