/** Small WebP files, for tests of what reads them. */
import { fromBase64 } from "./support.ts";

// As Pillow 9.4 (libwebp) wrote them: 5 × 7 pixels without loss, also with transparency, 16 × 16 with loss, and two frames.
export const lossless = fromBase64(
  "UklGRjYAAABXRUJQVlA4TCkAAAAvBgABAJmM6H9sClH46H9AQds2TNttSMaf5WcgFkzxvnja/5gAGClzLwA=",
);
export const transparent = fromBase64(
  "UklGRjgAAABXRUJQVlA4TCsAAAAvBgABEJmM6H9sClH46H9AQds2TNttSMaf5WcgFkzxvnja/1GYADiizHkBAA==",
);
export const lossy = fromBase64(
  "UklGRjoAAABXRUJQVlA4IC4AAADwAQCdASoQABAAAUAmJaACdLoB+AAEyAAA/q4X/zYEDND6YP/SbPE2eJs+OYAA",
);
export const animated = fromBase64(
  "UklGRtgAAABXRUJQVlA4WAoAAAACAAAABgAABAAAQU5JTQYAAAAAAAAAAABBTk1GUgAAAAAAAAAAAAYAAAQAAAAAAAJWUDhMOQAAAC8GAAEA" +
    "F6EgbQOme/59T8Ec9H/+E9cBDAIALBubbeuM6H8AiDChjAuptLHOh5hyqa2Pufa57uf9fgBBTk1GUgAAAAAAAAAAAAYAAAQAAAAAAABWUDhM" +
    "OgAAAC8GAAEAFyEWTK4h5u8TwQ8iLvI//1lpAIMAAMvGZts6I/of//c+93X2mqO3WnKKwTtrtJKCM0owggA=",
);
