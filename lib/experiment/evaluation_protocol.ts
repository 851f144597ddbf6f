/** The protocol by which data are evaluated: that of the configuration, clipped to the range of these data. */
import type { Split } from "../data/dataset.ts";
import type { OpenData } from "../data/open_data.ts";
import { isUnreadable, prefetch } from "../data/split.ts";
import { E, pipe, type TaskEither, TE } from "../dependencies/fp.ts";
import type { Failure } from "../errors.ts";
import {
  checkProtocol,
  clippedTo,
  type DepthRange,
  isProtocolName,
  ownSize,
  type Protocol,
  protocols,
} from "../metrics/protocols.ts";
import { type Listener, silent, withProgress } from "../train/listener.ts";
import type { Configuration } from "./configuration.ts";

/** How data are evaluated.
 * @category Experiments */
export interface EvaluationProtocol {
  /** With the range that predictions are clipped to. */
  readonly protocol: Protocol;
  /** The farthest depth in metres, where it had to be measured or was known from a measurement; null elsewhere. */
  readonly farthest: number | null;
}

/** As many samples tell the farthest depth of a split well enough, evenly over it: larger splits are not read whole. */
const enough = 1000;

/** Samples from which on it takes long enough to be told of. */
const long = 100;

/** Samples that are read while one is looked at. */
const ahead = 4;

/** The farthest depth that was found in a split. */
interface Measured {
  /** In metres, 0 if nothing is measured. */
  readonly farthest: number;
  /** How many samples were read. */
  readonly samples: number;
}

/** The greater of a depth and those of a map; what is infinite is no end of a range. */
const fartherIn = (farthest: number, metres: Float32Array): number =>
  metres.reduce((most, depth) => depth > most && depth < Infinity ? depth : most, farthest);

/** The farthest depth of a split in whole centimetres, rounded up; samples that cannot be read are not its business. */
const farthestIn = (split: Split, listener: Listener): TaskEither<Failure, Measured> => async () => {
  const samples = Math.min(split.size, enough);
  const readAt = (at: number) => split.read(Math.floor((at + 0.5) * split.size / samples));
  const read = prefetch(readAt, ahead, samples);
  const { progress } = samples < long ? silent : listener;
  return await withProgress(progress("range of depth", samples), async (update) => {
    let farthest = 0;
    for (let at = 0; at < samples; at++) {
      const sample = await read(at)();
      if (E.isLeft(sample) && !isUnreadable(sample.left)) return sample;
      if (E.isLeft(sample)) continue;
      farthest = fartherIn(farthest, sample.right.depth.metres);
      update(at + 1, sample.right.name);
    }
    return E.right({ farthest: Math.ceil(100 * farthest) / 100, samples });
  });
};

/** What of open data is measured.
 * @category Experiments */
export type MeasuredData = Pick<OpenData, "original" | "resized">;

/** Measures the training split, or the test split where there is none, and says so. */
const measuredFarthest = (
  { resized: { train, test } }: MeasuredData,
  listener: Listener,
): TaskEither<Failure, number | null> => {
  const split = train.size > 0 ? train : test;
  if (split.size === 0) return TE.right(null);
  return pipe(
    farthestIn(split, listener),
    TE.map(({ farthest, samples }) => {
      if (farthest === 0) return null;
      const of = samples < split.size ? `${samples} of the ${split.size}` : String(samples);
      const kind = split === train ? "training" : "test";
      listener.message(
        `predictions are clipped at ${farthest} m, the farthest depth of ${of} ${kind} samples; evaluation.far sets ` +
          "another end",
      );
      return farthest;
    }),
  );
};

/** The range of data up to a depth that was found in them; as it was where none was. */
const upTo = (far: number | null, range: DepthRange | null): DepthRange | null =>
  far === null ? null : { near: range?.near ?? 0, far };

/**
 * A protocol for open data. One that clips to data takes their range: as configured or published, or else up to the farthest
 * depth of their training split, which is measured unless it is known, and told.
 *
 * Errors: "configuration" for a protocol that makes no sense; those of reading, but for single samples.
 * @category Experiments
 */
export const protocolFor = (
  protocol: Protocol,
  data: MeasuredData,
  listener: Listener,
  known: number | null = null,
): TaskEither<Failure, EvaluationProtocol> => {
  const { range = null } = data.original;
  const isOpen = protocol.clipsToData === true && (range === null || range.far === Infinity);
  return pipe(
    isOpen && known === null ? measuredFarthest(data, listener) : TE.right(isOpen ? known : null),
    TE.chainEitherK((farthest) =>
      pipe(
        checkProtocol(clippedTo(protocol, isOpen ? upTo(farthest, range) : range)),
        E.map((checked) => ({ protocol: checked, farthest })),
      )
    ),
  );
};

/** The protocol of a configuration, with another name if the configuration clips otherwise: its `far` is then not the data's.
 * @category Experiments */
export const configuredProtocol = ({ protocol, near, far }: Configuration["evaluation"]): Protocol => {
  const named = isProtocolName(protocol) ? protocols[protocol] : ownSize;
  if (near === 0 && far === 0) return named;
  const clip = { near: near === 0 ? named.clip.near : near, far: far === 0 ? named.clip.far : far };
  return { ...(far === 0 ? named : clippedTo(named, null)), name: `${named.name}, clipped otherwise`, clip };
};
