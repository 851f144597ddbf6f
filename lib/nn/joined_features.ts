import { tf } from "../dependencies/tensorflow.ts";
import { asFeatures, type Features } from "../tensor/features.ts";

/**
 * Feature maps that are to be joined along channels, (batch, height, width, 2 C): [first, second], or [first, second ⊙
 * gain] if there is a gain. They are a description, so that what reads them can do so where they are.
 */
export interface JoinedFeatures<C extends number> {
  /** (batch, height, width, C). */
  readonly first: Features<C>;
  /** Of the shape of `first`. */
  readonly second: Features<C>;
  /** Of the shape of `first`: what `second` is multiplied by, element by element. */
  readonly gain?: Features<C>;
}

/** The tensor that joined feature maps describe. */
export const concatenated = <C extends number>({ first, second, gain }: JoinedFeatures<C>): Features<number> =>
  asFeatures<number>(
    first.shape[3] + second.shape[3],
    tf.concat([first, gain === undefined ? second : tf.mul(second, gain)], 3),
  );
