/** All operations that the network, the generators, the losses and the optimizers are made of, at shapes that hurt. */
import { broadcasts } from "./broadcasting.ts";
import { convolutions } from "./convolution.ts";
import { windows } from "./dilation.ts";
import { fusedConvolutions } from "./fused.ts";
import { fusedSums } from "./fused_sums.ts";
import { layouts } from "./layout.ts";
import { losses } from "./losses.ts";
import { normalizations } from "./normalization.ts";
import type { Operation } from "./operation.ts";
import { optimizations } from "./optimization.ts";
import { pointwise } from "./pointwise.ts";
import { poolings } from "./pooling.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";
import { resizings } from "./resizing.ts";

/** Every row of the table. */
export const operations: readonly Operation[] = [
  ...convolutions,
  ...windows,
  ...fusedConvolutions,
  ...fusedSums,
  ...normalizations,
  ...poolings,
  ...resizings,
  ...products,
  ...pointwise,
  ...broadcasts,
  ...reductions,
  ...layouts,
  ...losses,
  ...optimizations,
];
