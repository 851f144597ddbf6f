/** What the paper compares CLIFF with: concatenation and sums of levels, with as many weights as three CLIFF blocks. */
import type { ConvNormParams, ConvNormStatistics } from "../nn/conv_norm.ts";

/** Parameters of four convolutions with batch norm in a row. */
export type FourConvolutionsParams = {
  readonly conv1: ConvNormParams;
  readonly conv2: ConvNormParams;
  readonly conv3: ConvNormParams;
  readonly conv4: ConvNormParams;
};

/** Statistics of four convolutions' batch norms. */
export type FourConvolutionsStatistics = {
  readonly conv1: ConvNormStatistics;
  readonly conv2: ConvNormStatistics;
  readonly conv3: ConvNormStatistics;
  readonly conv4: ConvNormStatistics;
};
