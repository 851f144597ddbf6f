/**
 * The generators that are made before the depth network trains: HEG-S learns the scene from the depth map, HEG-R learns to
 * reconstruct it, "image" learns the scene from the grey image, and "random" learns nothing.
 */
export const generatorNames = ["scene", "reconstruction", "image", "random"] as const;

/** A generator that is made before the depth network trains. */
export type GeneratorName = typeof generatorNames[number];

/** The generators that are known without data: Sobel filters, at one scale or at several. */
export const fixedGeneratorNames = ["sobel", "multi-scale-sobel"] as const;

/** A generator that is known without data. */
export type FixedGeneratorName = typeof fixedGeneratorNames[number];

/** Whether a generator has to be made first. */
export const isMade = (name: GeneratorName | FixedGeneratorName): name is GeneratorName =>
  generatorNames.some((each) => each === name);
