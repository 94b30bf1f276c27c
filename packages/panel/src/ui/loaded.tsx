import type { ComponentChildren } from "preact";
import { Problem } from "../api/problem.ts";
import { say } from "../language/language.ts";
import type { Live } from "../live/use-live.ts";
import { common } from "../words/common.ts";
import { ProblemNote } from "./problem-note.tsx";

interface LoadedProps<T> {
  readonly live: Live<T>;
  readonly children: (data: T) => ComponentChildren;
}

/** What was loaded; while there is nothing yet, that it is on its way; where it failed, why. */
export function Loaded<T>({ live, children }: LoadedProps<T>) {
  const { data, problem, reload } = live;
  // What is shown stays, and that the server is away is said at the top of the page.
  const isAway = problem instanceof Problem && problem.status === 0 && data !== undefined;
  return (
    <>
      {problem && !isAway && <ProblemNote problem={problem} onAgain={reload} />}
      {data === undefined ? !problem && <p class="quiet">{say(common.loading)}</p> : children(data)}
    </>
  );
}
