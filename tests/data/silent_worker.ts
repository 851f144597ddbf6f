/** A worker that ends at its first job without a word. */
/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
self.onmessage = ({ data }: MessageEvent<{ readonly kind: string }>): void => {
  if (data.kind === "read") self.close();
};
