/** TensorFlow.js's differentiable functions, each with the rows that test it. */
import type { Covered } from "./covered.ts";
import { elementwise } from "./elementwise.ts";
import { indices } from "./indices.ts";
import { losses } from "./losses.ts";
import { madeOf } from "./made_of.ts";
import { moves } from "./moves.ts";
import { ofTwo } from "./of_two.ts";
import { pictured } from "./pictures.ts";
import { reductions } from "./reductions.ts";
import { sums } from "./sums.ts";
import { windowed } from "./windows.ts";

/** All of them. */
export const coreFunctions: readonly Covered[] = [
  ...elementwise,
  ...ofTwo,
  ...reductions,
  ...moves,
  ...indices,
  ...sums,
  ...windowed,
  ...pictured,
  ...losses,
  ...madeOf,
];
