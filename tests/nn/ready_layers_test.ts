// Ready layers against formulas in float64: what they give, and their gradients against slopes of the formulas.
import { tf } from "../../lib/dependencies/tensorflow.ts";
import { elu, gelu, sigmoid, silu, softplus } from "../../lib/nn/activations.ts";
import { biasedConv, conv } from "../../lib/nn/conv.ts";
import { depthwiseConv, separableConv, transposedConv } from "../../lib/nn/depthwise.ts";
import { groupNorm, instanceNorm, layerNorm, squeezeAndExcitation } from "../../lib/nn/group_norm.ts";
import { type Layer, untyped } from "../../lib/nn/layer.ts";
import { averagePool, pixelShuffle, upsample } from "../../lib/nn/resampling.ts";
import { asFeatures, type Features, type Tensor } from "../../lib/tensor/features.ts";
import { type Branch, formLeaves } from "../../lib/tensor/tree.ts";
import { assertClose, noise, sizeOf } from "../backend/support.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../std.ts";
import { onBackend, onWasm, read } from "../support.ts";

type Four = readonly [number, number, number, number];
type Values = readonly number[];
type AnyLayer = Layer<Features<number>, Features<number>, Branch, Branch>;
/** Output (batch, rows, columns, channels) of an input and the parameters in their order. */
type Formula = (x: Values, params: readonly Values[]) => { readonly shape: Four; readonly values: Values };

const generate = ([n, h, w, c]: Four, at: (n: number, y: number, x: number, c: number) => number) => ({
  shape: [n, h, w, c] as const,
  values: Array.from(
    { length: n * h * w * c },
    (_, i) => at(Math.floor(i / (h * w * c)), Math.floor(i / (w * c)) % h, Math.floor(i / c) % w, i % c),
  ),
});

const index = ([, h, w, c]: Four, n: number, y: number, x: number, k: number) => ((n * h + y) * w + x) * c + k;
const get = (values: Values, at: number): number => values[at] ?? NaN;
const sum = (count: number, term: (at: number) => number): number =>
  Array.from({ length: count }, (_, at) => term(at)).reduce((a, b) => a + b, 0);

/** The place that is read for one beyond the edges; −1 where it is a zero. */
const place = (at: number, side: number, padding: string): number => {
  if (at >= 0 && at < side) return at;
  if (padding === "replicate") return Math.max(0, Math.min(side - 1, at));
  return padding === "reflect" ? (at < 0 ? -at : 2 * side - 2 - at) : -1;
};

interface Case {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  readonly padding: "zeros" | "reflect" | "replicate";
}

/** Convolution in groups; a depthwise one has as many groups as channels. */
const convolution = (shape: Four, outputs: number, own: Case): Formula => (x, [kernel = []]) => {
  const { size, stride, dilation, groups, padding } = own;
  const [batch, h, w, inputs] = shape;
  const [before, seen, made] = [dilation * Math.floor(size / 2), inputs / groups, outputs / groups];
  const count = (side: number) => Math.floor((side + 2 * before - dilation * (size - 1) - 1) / stride) + 1;
  return generate([batch, count(h), count(w), outputs], (n, y, column, o) =>
    sum(size * size * seen, (tap) => {
      const [i, j, c] = [Math.floor(tap / (size * seen)), Math.floor(tap / seen) % size, tap % seen];
      const row = place(y * stride + i * dilation - before, h, padding);
      const col = place(column * stride + j * dilation - before, w, padding);
      if (row < 0 || col < 0) return 0;
      const channel = Math.floor(o / made) * seen + c;
      return get(x, index(shape, n, row, col, channel)) * get(kernel, ((i * size + j) * seen + c) * outputs + o);
    }));
};

const transposed =
  (shape: Four, outputs: number, size: number, stride: number, padding: number, more: number): Formula =>
  (x, [kernel = []]) => {
    const [batch, h, w, inputs] = shape;
    const side = (from: number) => (from - 1) * stride + size - 2 * padding + more;
    return generate([batch, side(h), side(w), outputs], (n, y, column, o) =>
      sum(h * w * inputs, (at) => {
        const [row, col, c] = [Math.floor(at / (w * inputs)), Math.floor(at / inputs) % w, at % inputs];
        const [i, j] = [y + padding - row * stride, column + padding - col * stride];
        if (i < 0 || j < 0 || i >= size || j >= size) return 0;
        return get(x, index(shape, n, row, col, c)) * get(kernel, ((i * size + j) * inputs + c) * outputs + o);
      }));
  };

const normalized = (shape: Four, groups: number): Formula => (x, [gamma = [], beta = []]) => {
  const [, h, w, channels] = shape;
  const wide = channels / groups;
  return generate(shape, (n, y, column, c) => {
    const first = Math.floor(c / wide) * wide;
    const own = Array.from(
      { length: h * w * wide },
      (_, at) => get(x, index(shape, n, Math.floor(at / (w * wide)), Math.floor(at / wide) % w, first + at % wide)),
    );
    const mean = sum(own.length, (at) => get(own, at)) / own.length;
    const variance = sum(own.length, (at) => (get(own, at) - mean) ** 2) / own.length;
    return (get(x, index(shape, n, y, column, c)) - mean) / Math.sqrt(variance + 1e-5) * get(gamma, c) + get(beta, c);
  });
};

const pooled = (shape: Four, size: number, stride: number, padding: number): Formula => (x) => {
  const [batch, h, w, channels] = shape;
  const side = (from: number) => Math.floor((from + 2 * padding - size) / stride) + 1;
  return generate([batch, side(h), side(w), channels], (n, y, column, c) =>
    sum(size * size, (tap) => {
      const [row, col] = [y * stride + Math.floor(tap / size) - padding, column * stride + tap % size - padding];
      return row < 0 || col < 0 || row >= h || col >= w ? 0 : get(x, index(shape, n, row, col, c)) / size ** 2;
    }));
};

const shuffled = (shape: Four, factor: number): Formula => (x) => {
  const [batch, h, w, channels] = shape;
  return generate([batch, h * factor, w * factor, channels / factor ** 2], (n, y, column, c) => {
    const channel = c * factor ** 2 + (y % factor) * factor + column % factor;
    return get(x, index(shape, n, Math.floor(y / factor), Math.floor(column / factor), channel));
  });
};

const repeated = (shape: Four, factor: number): Formula => (x) =>
  generate(
    [shape[0], shape[1] * factor, shape[2] * factor, shape[3]],
    (n, y, column, c) => get(x, index(shape, n, Math.floor(y / factor), Math.floor(column / factor), c)),
  );

const each = (shape: Four, run: (x: number) => number): Formula => (x) => ({ shape, values: x.map(run) });

/** The slopes of Σ output · dy by each number. */
const slopes = (at: Values, dy: Values, run: (at: Values) => Values): Values =>
  at.map((value, i) => {
    const moved = (by: number) => run(at.map((same, k) => k === i ? value + by : same));
    const [up, down] = [moved(1e-5), moved(-1e-5)];
    return sum(dy.length, (k) => (get(up, k) - get(down, k)) * get(dy, k)) / 2e-5;
  });

/** A tree of at most two storeys. */
const treeOf = (parts: readonly (readonly [path: string, Tensor])[]): Branch =>
  parts.reduce<Branch>((tree, [path, tensor]) => {
    const [part = "", name] = path.split("/");
    return { ...tree, [part]: name === undefined ? tensor : { ...tree[part] as Branch, [name]: tensor } };
  }, {});

const throws = (run: () => unknown, words: string): void =>
  assertStringIncludes(String(assertThrows(run) as unknown), words);

const agrees = async (name: string, layer: AnyLayer, shape: Four, formula: Formula): Promise<void> => {
  const forms = formLeaves(layer.form.params);
  const x = noise(sizeOf(shape), 3).map((value) => 2 * value);
  const params = forms.map(({ shape: own }, seed) => noise(sizeOf(own), 20 + seed));
  const expected = formula(x, params);
  const dy = noise(expected.values.length, 7);
  const actual = await read(() => {
    const run = (...[input, ...own]: Tensor[]) =>
      layer.apply(
        {
          params: treeOf(forms.map(({ path }, at) => [path, own[at] as Tensor])),
          statistics: {},
        },
        asFeatures(shape[3], input as Tensor),
        "training",
      )[0];
    const inputs = [
      tf.tensor(x, [...shape]),
      ...params.map((own, at) => tf.tensor([...own], [...forms[at]?.shape ?? []])),
    ];
    const gradients = tf.grads(run)(inputs, tf.tensor([...dy], [...expected.shape]));
    return { y: run(...inputs), ...Object.fromEntries(gradients.map((gradient, at) => [`g${at}`, gradient])) };
  }) as Record<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
  assertEquals(actual["y"]?.shape, [...expected.shape], name);
  assertClose(actual["y"]?.values ?? [], expected.values, 2e-5, name);
  assertClose(actual["g0"]?.values ?? [], slopes(x, dy, (at) => formula(at, params).values), 2e-4, `${name}, input`);
  params.forEach((own, which) => {
    const by = slopes(own, dy, (at) => formula(x, params.map((same, k) => k === which ? at : same)).values);
    assertClose(actual[`g${which + 1}`]?.values ?? [], by, 2e-4, `${name}, parameter ${which}`);
  });
};

const plain: Case = { size: 3, stride: 1, dilation: 1, groups: 1, padding: "zeros" };
const convolutions: readonly (readonly [Four, number, Partial<Case>])[] = [
  [[1, 5, 7, 2], 3, { dilation: 2 }],
  [[2, 5, 4, 1], 1, { stride: 2, dilation: 2, padding: "replicate" }],
  [[1, 5, 6, 4], 2, { groups: 2, stride: 2 }],
  [[1, 4, 3, 2], 2, { padding: "reflect" }],
  [[1, 3, 5, 1], 2, { stride: 3, padding: "replicate" }],
];

onBackend(
  "convolutions with dilation, groups and paddings are their formulas, and so are their gradients",
  async () => {
    for (const [shape, outputs, options] of convolutions) {
      const own = { ...plain, ...options };
      const name = JSON.stringify([shape, options]);
      const layer = untyped(conv<number, number>(shape[3], outputs, own.size, own));
      await agrees(`convolution ${name}`, layer, shape, convolution(shape, outputs, own));
    }
  },
);

onBackend("depthwise and transposed convolutions are their formulas, and so are their gradients", async () => {
  const shape: Four = [1, 5, 4, 3];
  for (const options of [{}, { stride: 2 }, { dilation: 2, padding: "reflect" as const }]) {
    const own = { ...plain, ...options, groups: 3 };
    await agrees("depthwise", untyped(depthwiseConv<number>(3, 3, options)), shape, convolution(shape, 3, own));
  }
  const both: Formula = (x, [depthwise = [], pointwise = []]) => {
    const middle = convolution(shape, 3, { ...plain, stride: 2, groups: 3 })(x, [depthwise]);
    return convolution(middle.shape, 2, { ...plain, size: 1 })(middle.values, [pointwise]);
  };
  await agrees("separable", untyped(separableConv<number, number>(3, 2, 3, { stride: 2 })), shape, both);
  const cases = [[2, 2, 0, 0], [4, 2, 1, 0], [3, 1, 1, 0], [3, 3, 2, 0], [1, 2, 0, 0], [3, 2, 1, 1], [
    2,
    3,
    0,
    2,
  ]] as const;
  for (const [size, stride, padding, more] of cases) {
    const layer = untyped(transposedConv<number, number>(2, 1, size, { stride, padding, outputPadding: more }));
    await agrees(`transposed ${size}`, layer, [1, 3, 2, 2], transposed([1, 3, 2, 2], 1, size, stride, padding, more));
  }
});

/** Squeeze and excitation of C channels with H hidden numbers. */
const gated = (shape: Four, hidden: number): Formula => (x, [weight1 = [], bias1 = [], weight2 = [], bias2 = []]) => {
  const [, h, w, channels] = shape;
  return generate(shape, (n, y, column, c) => {
    const mean = (k: number) => sum(h * w, (at) => get(x, index(shape, n, Math.floor(at / w), at % w, k))) / (h * w);
    const squeezed = (j: number) =>
      Math.max(0, get(bias1, j) + sum(channels, (k) => mean(k) * get(weight1, k * hidden + j)));
    const gate = get(bias2, c) + sum(hidden, (j) => squeezed(j) * get(weight2, j * channels + c));
    return get(x, index(shape, n, y, column, c)) / (1 + Math.exp(-gate));
  });
};

onBackend("squeeze and excitation is its formula, and so are its gradients", async () => {
  const shape: Four = [2, 3, 2, 3];
  await agrees("gate", untyped(squeezeAndExcitation<number>(3, 4)), shape, gated(shape, 4));
});

onBackend("group, layer and instance norm are their formulas, and so are their gradients", async () => {
  const shape: Four = [2, 3, 3, 4];
  await agrees("group", untyped(groupNorm<number>(4, 2)), shape, normalized(shape, 2));
  await agrees("layer", untyped(layerNorm<number>(4)), shape, normalized(shape, 1));
  await agrees("instance", untyped(instanceNorm<number>(4)), shape, normalized(shape, 4));
});

onBackend("pooling, pixel shuffle and repeating are their formulas, and so are their gradients", async () => {
  await agrees(
    "pool",
    untyped(averagePool<number>(2, 3, { stride: 2, padding: 1 })),
    [1, 5, 6, 2],
    pooled([1, 5, 6, 2], 3, 2, 1),
  );
  await agrees("pool", untyped(averagePool<number>(1, 2)), [2, 5, 4, 1], pooled([2, 5, 4, 1], 2, 2, 0));
  await agrees("shuffle", untyped(pixelShuffle<number, number>(8, 2, 2)), [2, 2, 3, 8], shuffled([2, 2, 3, 8], 2));
  await agrees("nearest", untyped(upsample<number>(2, 3, "nearest")), [1, 3, 2, 2], repeated([1, 3, 2, 2], 3));
});

/** Φ by the midpoint rule. */
const distribution = (x: number): number =>
  0.5 + sum(2000, (at) => Math.exp(-0.5 * ((at + 0.5) * x / 2000) ** 2)) * x / 2000 / Math.sqrt(2 * Math.PI);

onBackend("activations are their formulas, and so are their gradients", async () => {
  const shape: Four = [1, 3, 4, 1];
  await agrees("GELU", untyped(gelu<number>(1)), shape, each(shape, (x) => x * distribution(x)));
  await agrees("SiLU", untyped(silu<number>(1)), shape, each(shape, (x) => x / (1 + Math.exp(-x))));
  await agrees("ELU", untyped(elu<number>(1)), shape, each(shape, (x) => x > 0 ? x : Math.expm1(x)));
  await agrees("sigmoid", untyped(sigmoid<number>(1)), shape, each(shape, (x) => 1 / (1 + Math.exp(-x))));
  await agrees("softplus", untyped(softplus<number>(1)), shape, each(shape, (x) => Math.log1p(Math.exp(x))));
});

onWasm("sizes that do not fit are errors in words", () => {
  throws(() => conv(4, 6, 3, { groups: 4 }), "multiples of 4 groups");
  throws(() => groupNorm(6, 4), "no multiple of 4 groups");
  throws(() => pixelShuffle(9, 2, 2), "found 9");
  throws(
    () =>
      tf.tidy(() => {
        const layer = conv(1, 1, 5, { padding: "reflect" });
        return layer.apply(layer.init([1, 2]), asFeatures(1, tf.ones([1, 2, 9, 1])), "training")[0];
      }),
    "needs more than 2 pixels",
  );
  assertEquals(biasedConv(4, 4, 3, { groups: 2 }).form.params.kernel, [3, 3, 2, 4]);
});
