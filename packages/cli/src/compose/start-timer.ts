/** Milliseconds, 24.8 days: Node's own timers fire at once where they are to wait longer. */
const longestTimer = 2 ** 31 - 1;

/** `setTimeout` for any number of milliseconds. Returns what cancels it. */
export function startTimer(milliseconds: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const start = (left: number) => {
    const step = Math.min(left, longestTimer);
    timer = setTimeout(() => {
      if (left > step) start(left - step);
      else act();
    }, step);
  };
  start(milliseconds);
  return () => {
    clearTimeout(timer);
  };
}
