import { E, type Either, pipe } from "../dependencies/fp.ts";
import { t } from "../dependencies/io.ts";
import { type Failure, failure, reasonText } from "../errors.ts";
import type { Intrinsics } from "./sample.ts";

/** What depth needs to be known of a camera of Cityscapes. */
export interface CityscapesCamera {
  /** Metres between the two cameras. */
  readonly baseline: number;
  /** The left camera. */
  readonly intrinsics: Intrinsics;
}

const codec = t.type({
  extrinsic: t.type({ baseline: t.number }),
  intrinsic: t.type({ fx: t.number, fy: t.number, u0: t.number, v0: t.number }),
});

const expected = "extrinsic.baseline in metres and intrinsic.fx, fy, u0 and v0 in pixels";

const wrong = (path: string, found: string): Failure => failure("data", path, found, expected);

/**
 * The camera of `NAME_camera.json`. Its pixels are taken to have their centres at whole numbers from 0 on, so that half a
 * pixel is added to the optical axis.
 *
 * Errors: "data" for a text that is no such JSON, and for a baseline or a focal length that is not above 0.
 */
export const parseCityscapesCamera = (path: string, text: string): Either<Failure, CityscapesCamera> =>
  pipe(
    E.tryCatch((): unknown => JSON.parse(text), (reason) => wrong(path, `no JSON (${reasonText(reason)})`)),
    E.chain((json) => pipe(codec.decode(json), E.mapLeft(() => wrong(path, "a JSON without these numbers")))),
    E.chain(({ extrinsic: { baseline }, intrinsic: { fx, fy, u0, v0 } }) =>
      baseline > 0 && fx > 0 && fy > 0 && [baseline, fx, fy, u0, v0].every(Number.isFinite)
        ? E.right({ baseline, intrinsics: { fx, fy, cx: u0 + 0.5, cy: v0 + 0.5 } })
        : E.left(wrong(path, `baseline ${baseline}, fx ${fx}, fy ${fy}, u0 ${u0}, v0 ${v0}`))
    ),
  );
