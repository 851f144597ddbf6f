import fc from "fast-check";
import { E, type Either } from "../../lib/dependencies/fp.ts";
import type { Failure } from "../../lib/errors.ts";
import { withHdf5 } from "../../lib/formats/hdf5.ts";
import type { Hdf5File } from "../../lib/formats/hdf5_arrays.ts";
import { assert, assertEquals, assertStringIncludes } from "../std.ts";
import type { Chunk, WrittenArray } from "./hdf5_writer.ts";
import { assembled, elements, matlabPieces, type Pieces } from "./matlab_writer.ts";
import { assertTagged, damaged, leftOf, rightOf } from "./support.ts";

/** Elements 0, 1, 2 … of an array of 65 × 3 × 4, in 130 chunks, the last of each row half empty. */
const chunked = (): WrittenArray => {
  const chunks = Array.from({ length: 130 }, (_, place): Chunk => {
    const [first, second] = [place >> 1, place % 2 * 2];
    const inside = (at: number): number =>
      second + (at >> 2) < 3 ? first * 12 + (second + (at >> 2)) * 4 + at % 4 : 999;
    return { offset: [first, second, 0], bytes: elements("uint16", Array.from({ length: 8 }, (_, at) => inside(at))) };
  });
  return { type: "uint16", shape: [65, 3, 4], content: { chunk: [1, 2, 4], chunks } };
};

const whole: WrittenArray = {
  type: "float32",
  shape: [5, 7],
  content: elements("float32", Array.from({ length: 35 }, (_, at) => at / 4)),
};

const texts = Array.from({ length: 90 }, (_, at) => `text ${at}`);

const pieces: Pieces = matlabPieces(
  { chunked: chunked(), whole, double: { ...whole, type: "float64", content: new Uint8Array(280) } },
  { texts },
);

const bytes = assembled(pieces);

const withFile = async (content: Uint8Array, run: (path: string) => Promise<void>): Promise<void> => {
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  try {
    await Deno.writeFile(path, content);
    await run(path);
  } finally {
    await Deno.remove(path);
  }
};

const failureOf = async (path: string, use: (file: Hdf5File) => Either<Failure, unknown>): Promise<Failure> =>
  leftOf(await withHdf5(path, use)());

Deno.test("the names, shapes and types of what is in a file are known without reading it", () =>
  withFile(bytes, async (path) => {
    const found = await withHdf5(path, (file) =>
      E.right({
        root: rightOf(file.members("/")),
        none: rightOf(file.members("nothing")),
        cells: rightOf(file.members("#refs#")),
        arrays: ["chunked", "whole", "double", "texts"].map((name) => rightOf(file.array(name))),
      }))();
    const { root, none, cells, arrays } = rightOf(found);
    assertEquals(root.toSorted(), ["#refs#", "chunked", "double", "texts", "whole"]);
    assertEquals([none.length, cells.length, new Set(cells).size], [0, 90, 90]);
    assertEquals(arrays, [
      { shape: [65, 3, 4], type: "uint16" },
      { shape: [5, 7], type: "float32" },
      { shape: [5, 7], type: "float64" },
      { shape: [1, 90], type: "reference" },
    ]);
  }));

Deno.test("any block of an array in chunks has the elements at its place", () =>
  withFile(bytes, async (path) => {
    const side = (length: number) =>
      fc.nat({ max: length - 1 }).chain((start) =>
        fc.tuple(fc.constant(start), fc.integer({ min: 1, max: length - start }))
      );
    const places = fc.tuple(side(65), side(3), side(4));
    await fc.assert(
      fc.asyncProperty(places, async ([[a, as], [b, bs], [c, cs]]) => {
        const read = rightOf(await withHdf5(path, (file) => file.read("chunked", [a, b, c], [as, bs, cs]))());
        const expected = Array.from(
          { length: as * bs * cs },
          (_, at) => (a + Math.floor(at / (bs * cs))) * 12 + (b + Math.floor(at / cs) % bs) * 4 + c + at % cs,
        );
        assertEquals([...new Uint16Array(read.buffer)], expected);
      }),
      { numRuns: 50 },
    );
  }));

Deno.test("an array in one piece is read in parts", () =>
  withFile(bytes, async (path) => {
    const read = rightOf(await withHdf5(path, (file) => file.read("whole", [1, 2], [2, 3]))());
    assertEquals([...new Float32Array(read.buffer)], [9, 10, 11, 16, 17, 18].map((at) => at / 4));
  }));

Deno.test("references lead to the arrays that were referred to", () =>
  withFile(bytes, async (path) => {
    const read = await withHdf5(path, (file) => {
      const stored = rightOf(file.read("texts", [0, 0], [1, 90]));
      const references = [...new BigUint64Array(stored.buffer)];
      return E.right({ references, made: texts.map((_, at) => rightOf(file.referenceTo(`#refs#/texts${at}`))) });
    })();
    const { references, made } = rightOf(read);
    assertEquals(made, references);
  }));

Deno.test("an array that is not there is named beside those that are", () =>
  withFile(bytes, async (path) => {
    const found = await failureOf(path, (file) => file.array("rawDepths"));
    assertEquals([found.kind, found.where], ["format", path]);
    assertStringIncludes(found.found, '"rawDepths" (there is: #refs#, chunked, double, texts, whole)');
    const deeper = await failureOf(path, (file) => file.array("#refs#/none"));
    assertStringIncludes(deeper.found, "texts0");
    const nowhere = await failureOf(path, (file) => file.array("no/such/array"));
    assertStringIncludes(nowhere.found, "nothing");
  }));

Deno.test("a block beyond an array's end, or of other axes, is refused", () =>
  withFile(bytes, async (path) => {
    for (const [start, count] of [[[4, 0], [2, 7]], [[0, 7], [1, 1]], [[0], [1]], [[0, 0, 0], [1, 1, 1]]] as const) {
      const found = await failureOf(path, (file) => file.read("whole", start, count));
      assertEquals([found.kind, found.where], ["format", path]);
      assertStringIncludes(found.found, "5×7");
    }
  }));

Deno.test("a block without a start for each axis is a mistake of the program, and reads nothing", () =>
  withFile(bytes, async (path) => {
    const found = await failureOf(path, (file) => file.read("whole", [1], [2, 3]));
    assert(found.cause instanceof RangeError, String(found.cause));
  }));

Deno.test("absurd blocks and chunks are refused before memory is taken for them", async () => {
  const inChunksOf = (chunk: number): WrittenArray => ({
    type: "uint8",
    shape: [2 ** 32],
    content: { chunk: [chunk], chunks: [{ offset: [0], bytes: 100 }] },
  });
  const [huge, coarse] = [inChunksOf(1024), inChunksOf(2 ** 27)];
  await withFile(assembled(matlabPieces({ huge, coarse }, {})), async (path) => {
    const many = await failureOf(path, (file) => file.read("huge", [0], [2 ** 32]));
    assertStringIncludes(many.found, String(2 ** 32));
    const chunk = await failureOf(path, (file) => file.read("coarse", [0], [4]));
    assertStringIncludes(chunk.found, String(2 ** 27));
  });
});

Deno.test("a chunk that cannot be decompressed is a failure, and no elements", async () => {
  const rubbish: WrittenArray = {
    type: "uint8",
    shape: [2, 64],
    content: { chunk: [1, 64], chunks: [{ offset: [0, 0], bytes: 40 }, { offset: [1, 0], bytes: new Uint8Array(64) }] },
  };
  await withFile(assembled(matlabPieces({ rubbish }, {})), async (path) => {
    const found = await failureOf(path, (file) => file.read("rubbish", [0, 0], [1, 64]));
    assertEquals([found.kind, found.where], ["format", path]);
    assertEquals(rightOf(await withHdf5(path, (file) => file.read("rubbish", [1, 0], [1, 64]))()), new Uint8Array(64));
  });
});

Deno.test("files that are cut off or no HDF5 are refused, and the next file is read as ever", () =>
  withFile(bytes, async (good) => {
    for (
      const wrong of [
        bytes.subarray(0, bytes.length - 100),
        bytes.subarray(0, 600),
        new Uint8Array(9000),
        new Uint8Array(0),
      ]
    ) {
      await withFile(wrong, async (path) => {
        const found = await failureOf(path, (file) => file.array("whole"));
        assertEquals([found.kind, found.where], ["format", path]);
      });
      assertEquals(rightOf(await withHdf5(good, (file) => file.array("whole"))()).shape, [5, 7]);
    }
  }));

Deno.test("what cannot be opened is named", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const kinds = [`${folder}/none.mat`, folder].map((path) => failureOf(path, (file) => file.array("whole")));
    const [missing, directory] = await Promise.all(kinds);
    assertEquals([missing?.kind, missing?.found, directory?.kind, directory?.found], [
      "missing",
      "no such file",
      "file",
      "a folder",
    ]);
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("several files can be used at the same time, and each use is closed", () =>
  withFile(bytes, (first) =>
    withFile(assembled(matlabPieces({ other: whole }, {})), async (second) => {
      const uses = Array.from({ length: 40 }, (_, at) =>
        withHdf5(at % 2 === 0 ? first : second, (file) => file.array(at % 2 === 0 ? "whole" : "other"))());
      for (const result of await Promise.all(uses)) {
        assertEquals(rightOf(result).shape, [5, 7]);
      }
    })));

Deno.test("a file that is written to is another one", () =>
  withFile(bytes, async (path) => {
    const identity = async () => rightOf(await withHdf5(path, (file) => E.right(file.identity))());
    const [before, again] = [await identity(), await identity()];
    await Deno.writeFile(path, new Uint8Array(8), { append: true });
    assertEquals(before, again);
    assert(await identity() !== before);
  }));

Deno.test("damaged bytes give values or a failure that names the file, and never more", async () => {
  await fc.assert(
    fc.asyncProperty(damaged(bytes), (changed) =>
      withFile(changed, async (path) => {
        const read = await withHdf5(path, (file) =>
          E.sequenceArray([
            E.map(() => null)(file.members("#refs#")),
            E.map(() => null)(file.referenceTo("#refs#/texts7")),
            E.map(() => null)(file.read("texts", [0, 0], [1, 90])),
            E.map(() => null)(file.read("chunked", [0, 0, 0], [65, 3, 4])),
          ]))();
        assertTagged(read, path);
      })),
    { numRuns: 150 },
  );
});
