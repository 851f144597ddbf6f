import { t } from "../../dependencies/io.ts";
import { jsonValue } from "../../formats/json_value.ts";

const line = t.type({ phase: t.string, step: t.number, loss: t.number, ms: t.number });

/** A step of a training. */
export interface CurvePoint {
  readonly step: number;
  readonly loss: number;
  readonly ms: number;
}

const pointOf = (text: string): readonly CurvePoint[] => {
  const value = jsonValue(text);
  return line.is(value) && value.phase === "depth" ? [value] : [];
};

/** The steps of the depth network from the text of a log; lines that were not written whole are left out. */
export const curveOf = (log: string): readonly CurvePoint[] => log.split("\n").flatMap(pointOf);

/** A curve of at most `count` points, each the mean of as many steps in a row. */
export const smoothed = (curve: readonly CurvePoint[], count: number): readonly Pick<CurvePoint, "step" | "loss">[] => {
  const size = Math.max(Math.ceil(curve.length / count), 1);
  return Array.from({ length: Math.ceil(curve.length / size) }, (_, at) => {
    const steps = curve.slice(at * size, (at + 1) * size);
    const mean = (of: (point: CurvePoint) => number): number =>
      steps.reduce((sum, point) => sum + of(point), 0) / steps.length;
    return { step: mean(({ step }) => step), loss: mean(({ loss }) => loss) };
  });
};
