import { useState } from "preact/hooks";

export interface Action {
  readonly isRunning: boolean;
  readonly problem: Error | undefined;
  readonly run: (work: () => Promise<void>) => void;
  readonly clear: () => void;
}

/** Something that a person sets off: once at a time, with what went wrong. */
export function useAction(): Action {
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<Error | undefined>();
  return {
    isRunning,
    problem,
    run(work) {
      if (isRunning) return;
      setRunning(true);
      setProblem(undefined);
      void work()
        .catch((error: unknown) => {
          setProblem(error instanceof Error ? error : new Error(String(error)));
        })
        .finally(() => {
          setRunning(false);
        });
    },
    clear() {
      setProblem(undefined);
    },
  };
}
