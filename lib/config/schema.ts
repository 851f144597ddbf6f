import { fusionNames } from "../cliffnet/fusion.ts";
import { E, type Either } from "../dependencies/fp.ts";
import type { t } from "../dependencies/io.ts";
import { type Failure, failure } from "../errors.ts";
import { layouts } from "../data/layouts.ts";
import { protocols } from "../metrics/protocols.ts";
import type { PixelLossName } from "../loss/named_losses.ts";
import { firstOf } from "./first_error.ts";
import { byKind, flag, integerIn, listOf, numberIn, oneOf, record, text, withDefault } from "./codecs.ts";
import type {
  AugmentConfiguration,
  BackboneConfiguration,
  Configuration,
  DataConfiguration,
  EvaluationConfiguration,
  FilesData,
  GeneratorConfiguration,
  GeneratorsConfiguration,
  HierarchicalTerm,
  NetworkConfiguration,
  OptimConfiguration,
  PixelTerm,
  RandomGeneratorConfiguration,
  ScenesData,
  TermConfiguration,
} from "./configuration.ts";
import { fixedGeneratorNames, generatorNames, isMade } from "./generator_names.ts";

const seed = integerIn(0, Number.MAX_SAFE_INTEGER);
const size = integerIn(32, 4096);
const count = integerIn(1, 10_000_000);
const steps = integerIn(0, 100_000_000);
const weight = numberIn(0, 1e9);

const scenesData = record<ScenesData>({
  kind: oneOf(["scenes"]),
  height: withDefault(size, 64),
  width: withDefault(size, 80),
  seed: withDefault(seed, 0),
  train: withDefault(count, 512),
  test: withDefault(count, 64),
  noise: withDefault(flag, false),
  holes: withDefault(flag, false),
});

const filesData = record<FilesData>({
  kind: oneOf(["files"]),
  height: withDefault(size, 96),
  width: withDefault(size, 128),
  layout: withDefault(oneOf(["auto", ...layouts]), "auto"),
  folder: withDefault(text, ""),
  list: withDefault(text, ""),
  testList: withDefault(text, ""),
  depthScale: withDefault(numberIn(0, 1e9), 0),
  depth: withDefault(oneOf(["published", "raw", "filled"]), "published"),
  testShare: withDefault(numberIn(0, 1), 0.2),
  crop: withDefault(listOf(integerIn(1, 16384)), []),
  shuffleBuffer: withDefault(count, 1000),
  onUnreadable: withDefault(oneOf(["fail", "skip"]), "fail"),
});

const data = byKind<DataConfiguration>({ scenes: scenesData, files: filesData });

const augment = record<AugmentConfiguration>({
  mirror: withDefault(flag, true),
  jitter: withDefault(numberIn(0, 1), 0.4),
  rotation: withDefault(numberIn(0, 45), 0),
  scale: withDefault(numberIn(1, 4), 1),
});

const backbone = record<BackboneConfiguration>({
  layers: withDefault(oneOf([18, 34, 50, 101]), 50),
  width: withDefault(integerIn(1, 1024), 64),
  strideOn: withDefault(oneOf(["1x1", "3x3"]), "1x1"),
  preprocessing: withDefault(oneOf(["bgr-caffe", "rgb-imagenet", "rgb-unit", "rgb-centred"]), "bgr-caffe"),
  weights: withDefault(text, ""),
});

const network = record<NetworkConfiguration>({
  features: withDefault(integerIn(1, 4096), 256),
  initialDepth: withDefault(numberIn(0, 1e3), 0),
  fusion: withDefault(oneOf(fusionNames), "cliff"),
});

const optim = record<OptimConfiguration>({
  lr: withDefault(numberIn(0, 1e3), 1e-4),
  decay: withDefault(weight, 1e-4),
  milestones: withDefault(listOf(steps), []),
  factor: withDefault(numberIn(0, 1), 0.1),
  warmup: withDefault(steps, 0),
  clip: withDefault(weight, 0),
});

const generator = record<GeneratorConfiguration>({
  widths: withDefault(listOf(integerIn(1, 4096), 1), [16, 32, 64]),
  steps: withDefault(steps, 200),
  batch: withDefault(count, 16),
  optim: withDefault(optim, { lr: 1e-3 }),
  checkpoint: withDefault(text, ""),
});

const randomGenerator = record<RandomGeneratorConfiguration>({
  widths: withDefault(listOf(integerIn(1, 4096), 1), [16, 32, 64]),
  steps: withDefault(steps, 50),
  batch: withDefault(count, 16),
  checkpoint: withDefault(text, ""),
});

const generators = record<GeneratorsConfiguration>({
  scene: withDefault(generator, {}),
  reconstruction: withDefault(generator, {}),
  image: withDefault(generator, {}),
  random: withDefault(randomGenerator, {}),
});

const pixelTerm = <K extends PixelLossName>(kind: K): t.Type<PixelTerm<K>> =>
  record<PixelTerm<K>>({
    kind: oneOf([kind]),
    weight: withDefault(weight, 1),
    warmup: withDefault(steps, 0),
  });

const hierarchicalTerm = record<HierarchicalTerm>({
  kind: oneOf(["hierarchical"]),
  generator: oneOf([...generatorNames, ...fixedGeneratorNames]),
  weights: listOf(weight, 1),
  weight: withDefault(weight, 1),
  warmup: withDefault(steps, 100),
  delay: withDefault(steps, 0),
});

const term = byKind<TermConfiguration>({
  "l1": pixelTerm("l1"),
  "l2": pixelTerm("l2"),
  "huber": pixelTerm("huber"),
  "berhu": pixelTerm("berhu"),
  "log": pixelTerm("log"),
  "eigen": pixelTerm("eigen"),
  "silog": pixelTerm("silog"),
  "depth-aware": pixelTerm("depth-aware"),
  "gradient": pixelTerm("gradient"),
  "multi-scale-gradient": pixelTerm("multi-scale-gradient"),
  "ssim": pixelTerm("ssim"),
  "virtual-normal": pixelTerm("virtual-normal"),
  "scale-shift-invariant": pixelTerm("scale-shift-invariant"),
  "hierarchical": hierarchicalTerm,
});

const configuration = record<Configuration>({
  seed: withDefault(seed, 0),
  data: withDefault(data, { kind: "scenes" }),
  augment: withDefault(augment, {}),
  backbone: withDefault(backbone, {}),
  network: withDefault(network, {}),
  generators: withDefault(generators, {}),
  loss: withDefault(listOf(term, 1), [{ kind: "l1" }]),
  lossFile: withDefault(text, ""),
  optim: withDefault(optim, {}),
  training: withDefault(record({ steps: withDefault(steps, 1000), batch: withDefault(count, 8) }), {}),
  evaluation: withDefault(
    record<EvaluationConfiguration>({
      protocol: withDefault(oneOf(Object.keys(protocols)), "own-size"),
      near: withDefault(numberIn(0, 1e3), 0),
      far: withDefault(numberIn(0, 1e6), 0),
      pictures: withDefault(integerIn(0, 1000), 4),
    }),
    {},
  ),
});

/** How many levels a generator has; Sobel's scales end where a map would have no pixels. */
const levelsOf = (generator: HierarchicalTerm["generator"], { generators, data }: Configuration): number => {
  if (isMade(generator)) return generators[generator].widths.length;
  return generator === "sobel" ? 1 : 1 + Math.floor(Math.log2(Math.min(data.height, data.width)));
};

/** Errors if a term of the loss weights more levels than its generator has. */
const checkLevels = (where: string, decoded: Configuration): Either<Failure, Configuration> => {
  for (const [index, each] of decoded.loss.entries()) {
    if (each.kind !== "hierarchical") continue;
    const levels = levelsOf(each.generator, decoded);
    if (each.weights.length <= levels + 1) continue;
    const found = `${each.weights.length} weights`;
    const expected = `at most ${levels + 1}: of the depth itself and of the ${levels} levels of "${each.generator}"`;
    return E.left(failure("configuration", `${where}, field loss.${index}.weights`, found, expected));
  }
  return E.right(decoded);
};

/**
 * A configuration from the value of a JSON text. Absent fields take their defaults.
 *
 * Errors: "configuration", naming the field, what was found and what is allowed, and how many more errors there are.
 *
 * @param where The file's name, for messages.
 */
export const decodeConfiguration = (where: string, value: unknown): Either<Failure, Configuration> =>
  E.chain((decoded: Configuration) => checkLevels(where, decoded))(decodeFields(where, value));

const decodeFields = (where: string, value: unknown): Either<Failure, Configuration> =>
  E.mapLeft((errors: t.Errors) => firstOf(where, errors))(configuration.decode(value));
