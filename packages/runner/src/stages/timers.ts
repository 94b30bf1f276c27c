/** Timers as an input, so that a test need not wait. Each returns what cancels it. */
export interface Timers {
  after(milliseconds: number, act: () => void): () => void;
  every(milliseconds: number, act: () => void): () => void;
}
