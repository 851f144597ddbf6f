import { tf } from "../../lib/dependencies/tensorflow.ts";
import { assertEquals } from "../std.ts";
import { openBackends, testOn } from "./support.ts";

testOn(await openBackends(), "a product does not depend on what its right factor's data were used for", async () => {
  const products = tf.tidy(() => {
    const data = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    return [
      tf.matMul(tf.tensor2d([1, 1], [1, 2]), data),
      tf.matMul(tf.tensor2d([2], [1, 1]), tf.reshape(data, [1, 4])),
      tf.matMul(tf.tensor2d([3, 3], [1, 2]), data),
      tf.matMul(tf.tensor2d([1, 2], [1, 2]), data, false, true),
    ];
  });
  const values = await Promise.all(products.map((product) => product.array()));
  tf.dispose(products);
  assertEquals<unknown>(values, [[[4, 6]], [[2, 4, 6, 8]], [[12, 18]], [[5, 11]]]);
});
