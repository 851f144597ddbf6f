/** A worker that dies of its first job. */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
self.onmessage = ({ data }: MessageEvent<{ readonly kind: string }>): void => {
  if (data.kind === "read") throw new Error("the decoder crashed");
};
