/** A line of a text and its number. */
export interface TextLine {
  /** Without spaces at its ends; never empty. */
  readonly text: string;
  /** Counted from 1, as an editor does. */
  readonly line: number;
}

/** The lines of a text, less the empty ones; Unix and Windows ends of lines alike. */
export const textLines = (text: string): readonly TextLine[] =>
  text.split(/\r\n?|\n/)
    .map((whole, index) => ({ text: whole.trim(), line: index + 1 }))
    .filter((line) => line.text !== "");
