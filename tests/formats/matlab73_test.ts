import { E } from "../../lib/dependencies/fp.ts";
import { describe } from "../../lib/errors.ts";
import { bytesOf, concatenate } from "../../lib/formats/bytes.ts";
import { checkMatlab73, readTexts, referencesOf, withMatlab73 } from "../../lib/formats/matlab73.ts";
import { assertEquals, assertStringIncludes } from "../std.ts";
import { assembled, elements, matlabHeader, matlabPieces } from "./matlab_writer.ts";
import { leftOf, rightOf } from "./support.ts";

const labels = ["kitchen", "büro", "寝室", "x".repeat(1024)];

const single = { type: "float32", shape: [1, 1], content: elements("float32", [1]) } as const;

const twoAxes = (values: readonly number[]) =>
  ({ type: "reference", shape: [1, values.length], content: elements("reference", values) }) as const;

const file = assembled(matlabPieces({ single, nowhere: twoAxes([8, 16]) }, { labels, long: ["x".repeat(1025)] }));

const withFile = async (bytes: Uint8Array, run: (path: string) => Promise<void>): Promise<void> => {
  const path = await Deno.makeTempFile({ suffix: ".mat" });
  try {
    await Deno.writeFile(path, bytes);
    await run(path);
  } finally {
    await Deno.remove(path);
  }
};

const textsOf = (path: string, name: string, count: number) =>
  withMatlab73(
    path,
    (opened) =>
      E.chain((known: Parameters<typeof readTexts>[2]) => readTexts(path, opened, known, name, count))(
        referencesOf(opened),
      ),
  )();

Deno.test("texts of cell arrays are read, in any script", () =>
  withFile(file, async (path) => assertEquals(rightOf(await textsOf(path, "labels", 4)), labels)));

Deno.test("texts that are too long, of another number, of another type or nowhere are refused", () =>
  withFile(file, async (path) => {
    for (
      const [name, count, found] of [
        ["long", 1, "1025×1 of uint16"],
        ["labels", 5, "labels, 1×4 of reference"],
        ["single", 1, "single, 1×1 of float32"],
        ["nowhere", 2, "nowhere, cell 1"],
        ["absent", 2, 'no array "absent"'],
      ] as const
    ) {
      const problem = leftOf(await textsOf(path, name, count));
      assertEquals([problem.kind, problem.where], ["format", path]);
      assertStringIncludes(problem.found, found);
    }
  }));

Deno.test("an HDF5 file without MATLAB's header is read too", () => {
  assertEquals(checkMatlab73("a.h5", file.subarray(512, 1072), 560)._tag, "Left", "shorter than it says");
  assertEquals(checkMatlab73("a.h5", file.subarray(512, 1072), file.length), E.right(undefined));
});

Deno.test("another version of MATLAB is told by its header, with what to do", async () => {
  for (const version of ["5.0", "7.4"]) {
    const start = concatenate([matlabHeader(version), file.subarray(512)]);
    await withFile(start, async (path) => {
      const problem = leftOf(await textsOf(path, "labels", 4));
      assertEquals([problem.kind, problem.where, problem.found], ["format", path, `a MATLAB ${version} file`]);
      assertStringIncludes(describe(problem), "7.3");
      assertStringIncludes(problem.advice ?? "", "-v7.3");
    });
  }
});

Deno.test("a file that is no MATLAB at all, and one that ends with the header, are refused", async () => {
  for (
    const [bytes, found] of [
      [new Uint8Array(0), "no MATLAB file"],
      [bytesOf("<!DOCTYPE html><title>Not found</title>"), "no MATLAB file"],
      [matlabHeader(), "without the HDF5 file"],
    ] as const
  ) {
    await withFile(bytes, async (path) => {
      const problem = leftOf(await textsOf(path, "labels", 4));
      assertEquals([problem.kind, problem.where], ["format", path]);
      assertStringIncludes(problem.found, found);
    });
  }
});

Deno.test("a truncated file is told by its length", () =>
  withFile(file.subarray(0, file.length - 1), async (path) => {
    const problem = leftOf(await textsOf(path, "labels", 4));
    assertEquals([problem.kind, problem.where, problem.found], ["format", path, `a file of ${file.length - 1} bytes`]);
    assertStringIncludes(problem.expected, String(file.length));
    assertStringIncludes(problem.advice ?? "", "truncated");
  }));
