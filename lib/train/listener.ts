/** Shows how far a long piece of work is. */
export interface Progress {
  /** `done` of the total, and a word on it, such as the loss. */
  readonly update: (done: number, note: string) => void;
  /** The work has ended, well or not. */
  readonly end: () => void;
}

/** Whom a long piece of work tells how it is doing. The library itself prints nothing. */
export interface Listener {
  /** Something worth knowing, as a line of text. */
  readonly message: (line: string) => void;
  /**
   * A part of the work begins: its label, how many steps it has, how many of them were made before (0 by default), and how
   * many lines it is worth where no bar can be drawn.
   */
  readonly progress: (label: string, total: number, from?: number, lines?: number) => Progress;
}

/** Does work that shows how far it is. What shows it ends with the work, however that ends. */
export const withProgress = <A>(progress: Progress, work: (update: Progress["update"]) => Promise<A>): Promise<A> =>
  work(progress.update).finally(progress.end);

/** The listener that ignores everything. */
export const silent: Listener = { message: () => {}, progress: () => ({ update: () => {}, end: () => {} }) };
