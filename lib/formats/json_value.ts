/** The value of a JSON text; null if it is none. */
export const jsonValue = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
