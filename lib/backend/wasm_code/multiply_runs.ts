/** The procedure that multiplies feature maps on their way to where a convolution reads them. */
import type { Procedure } from "./assemble.ts";
import { advance, constant, get, integer, load, multiplyVectors, repeat, set, store } from "./instructions.ts";

/**
 * multiplyRuns(target, pitch, first, second, pixels, vectors): the products of so many pixels of 4 · `vectors` channels,
 * which follow each other in both factors and begin `pitch` bytes apart in the target.
 */
export const multiplyRuns = (): Procedure => {
  const [target, pitch, first, second, pixels, vectors] = [0, 1, 2, 3, 4, 5];
  const [count, put] = [6, 7];
  return {
    name: "multiplyRuns",
    parameters: 6,
    locals: [integer, integer],
    body: repeat(pixels, [
      [set(put, get(target)), set(count, get(vectors)), advance(target, get(pitch))],
      repeat(count, [
        store(get(put), multiplyVectors(load(get(first)), load(get(second)))),
        [put, first, second].map((pointer) => advance(pointer, constant(16))),
      ]),
    ]),
  };
};
