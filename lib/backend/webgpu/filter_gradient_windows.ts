/**
 * The shader of a convolution's filter gradient for few output channels, or few of input and output. Where an
 * invocation of filter_gradient_shaders.ts takes some columns of one row of the filter, here it takes all of the
 * filter for a few channels: it goes over the output's columns with the window of the input that they see in registers,
 * so that a number is read once for all of the filter's columns, and for several rows. The sums are the same.
 */
import { elementAt, filterGradientParameters, type FilterGradientShader, numberOf } from "./filter_gradient_shaders.ts";
import { eachLine, elementOf, itemCode, lines, range, type Width } from "./shader.ts";

/** Down and across. */
type Pair = readonly [number, number];

/** What is compiled into {@link windowsShader}. */
export interface Windows {
  /** Height and width of the filter. */
  readonly taps: Pair;
  readonly stride: Pair;
  /** Channels of the input in an invocation, a multiple of `input`. */
  readonly channels: number;
  /** Channels of the output in an invocation, a multiple of `output`. */
  readonly outputs: number;
  readonly input: Width;
  readonly output: Width;
  /** Rows of the output that an invocation goes along at once; the output's height is a multiple of it. */
  readonly rows: number;
  /** Invocations in a workgroup. */
  readonly invocations: number;
}

/** Rows of the input that `rows` rows of the output see. */
const rowsSeen = ({ taps, stride, rows }: Windows): number => (rows - 1) * stride[0] + taps[0];

/** Columns that the windows of an output column and of the next one share. */
const columnsShared = ({ taps, stride }: Windows): number => Math.max(0, taps[1] - stride[1]);

/** The numbers that an invocation sums, each in a register. */
export const windowsSums = ({ taps, channels, outputs }: Windows): number => taps[0] * taps[1] * channels * outputs;

/** How many numbers are read for each multiplication. */
export const windowsReads = (windows: Windows): number => {
  const { taps, rows, channels, outputs } = windows;
  const ofInput = rowsSeen(windows) * (taps[1] - columnsShared(windows)) * channels;
  return (ofInput + rows * outputs) / (rows * windowsSums(windows));
};

/** A weight's row and column in the filter, its channel of the input and its element of the output, and its sum. */
interface Sum {
  readonly r: number;
  readonly s: number;
  readonly a: number;
  readonly b: number;
  readonly name: string;
}

const sumsOf = ({ taps, channels, outputs, output }: Windows): readonly Sum[] =>
  range(taps[0]).flatMap((r) =>
    range(taps[1]).flatMap((s) =>
      range(channels).flatMap((a) =>
        range(outputs / output).map((b) => ({ r, s, a, b, name: `sum${r}_${s}_${a}_${b}` }))
      )
    )
  );

/** One statement for each row and each of the columns [first, end) of the window, and each element of its channels. */
const eachOfWindow = (
  windows: Windows,
  [first, end]: Pair,
  statement: (row: number, column: number, element: number) => string,
): string =>
  lines(
    range(end - first).flatMap((column) =>
      range(rowsSeen(windows)).flatMap((row) =>
        range(windows.channels / windows.input).map((element) => statement(row, first + column, element))
      )
    ),
  );

/** The columns [first, end) of the window, where column 0 is column `w` of the input. */
const readWindow = (windows: Windows, columns: Pair): string =>
  eachOfWindow(
    windows,
    columns,
    (row, column, element) =>
      `      x${row}_${column}_${element} = readX(line${row}, inside${row}, w + ${column}, ${element});`,
  );

/** The rows of the input in the window: where each begins, and whether there is such a row. */
const readRows = (windows: Windows): string =>
  eachLine(rowsSeen(windows), (row) => `
    let inside${row} = h + ${row} >= 0 && h + ${row} < p.height;
    let line${row} = (n * p.height + h + ${row}) * p.width * p.channels + c;`);

const addProducts = (windows: Windows): string => {
  const { rows, stride, input, outputs, output } = windows;
  return lines(
    range(rows).flatMap((row) => [
      `      let d${row} = ${elementAt(`((n * p.outHeight + i + ${row}) * p.outWidth + j) * p.outputs + k`, output)};`,
      ...range(outputs / output).map((b) => `      let dy${row}_${b} = dy[d${row} + ${b}];`),
      ...sumsOf(windows).map(({ r, s, a, b, name }) =>
        `      ${name} += ${numberOf(`x${row * stride[0] + r}_${s}_`, a, input)} * dy${row}_${b};`
      ),
    ]),
  );
};

const write = (windows: Windows): string => {
  const { taps, output } = windows;
  return lines(
    sumsOf(windows).map(({ r, s, a, b, name }) =>
      `  if (c + ${a} < p.channels && k + ${b * output} < p.outputs) { ` +
      `partials[${
        elementAt(`(at + ${r * taps[1] + s} * p.channels + ${a}) * p.outputs + k`, output)
      } + ${b}] = ${name}; }`
    ),
  );
};

const bodyOf = (windows: Windows): string => {
  const { taps, stride, rows } = windows;
  const shared = columnsShared(windows);
  return `
  for (var unit = slice * p.slice; unit < min((slice + 1) * p.slice, p.total); unit++) {
    let n = unit / (segments * strips);
    let i = unit / segments % strips * ${rows};
    let begin = unit % segments * p.segment;
    let h = i * ${stride[0]} - p.top;
${readRows(windows)}
${
    eachOfWindow(windows, [0, taps[1]], (row, column, element) =>
      `    var x${row}_${column}_${element} = ${elementOf(windows.input)}();`)
  }
    var w = begin * ${stride[1]} - p.left;
${readWindow(windows, [0, shared])}
    for (var j = begin; j < min(begin + p.segment, p.outWidth); j++) {
${readWindow(windows, [shared, taps[1]])}
${addProducts(windows)}
${
    eachOfWindow(windows, [0, shared], (row, column, element) =>
      `      x${row}_${column}_${element} = x${row}_${column + stride[1]}_${element};`)
  }
      w += ${stride[1]};
    }
  }`;
};

const codeOf = (windows: Windows): string => {
  const { taps, channels, outputs, input, output, rows, invocations } = windows;
  return `
fn readX(line: i32, inside: bool, w: i32, element: i32) -> ${elementOf(input)} {
  let at = ${elementAt("line + w * parameters.channels", input)} + element;
  return select(${elementOf(input)}(), x[at], inside && w >= 0 && w < parameters.width);
}

fn main() {
  let p = parameters;
  let id = ${itemCode(invocations)};
  let tilesOfOutputs = (p.outputs + ${outputs - 1}) / ${outputs};
  let tilesOfInputs = (p.channels + ${channels - 1}) / ${channels};
  let k = id % tilesOfOutputs * ${outputs};
  let c = id / tilesOfOutputs % tilesOfInputs * ${channels};
  let slice = id / (tilesOfOutputs * tilesOfInputs);
  if (slice >= p.slices) { return; }
  let strips = p.outHeight / ${rows};
  let segments = (p.outWidth + p.segment - 1) / p.segment;
${lines(sumsOf(windows).map(({ name }) => `  var ${name} = ${elementOf(output)}();`))}
${bodyOf(windows)}
  let at = slice * ${taps[0] * taps[1]} * p.channels + c;
${write(windows)}
}`;
};

/**
 * For few channels: an invocation sums all of the filter for `channels` × `outputs` channels in registers, over `slice`
 * units of `rows` rows times `segment` columns of output pixels. No workgroup memory and no barriers.
 */
export const windowsShader = (windows: Windows): FilterGradientShader => ({
  name: `filter gradient, windows, ${Object.values(windows).join(" ")}`,
  workgroup: [windows.invocations, 1, 1],
  writes: { partials: elementOf(windows.output) },
  reads: { x: elementOf(windows.input), dy: elementOf(windows.output) },
  parameters: filterGradientParameters,
  // Only written out when it is first compiled: it is long.
  get code() {
    return codeOf(windows);
  },
});
