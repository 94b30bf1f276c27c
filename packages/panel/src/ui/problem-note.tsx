import { Problem } from "../api/problem.ts";
import { say } from "../language/language.ts";
import { common } from "../words/common.ts";

interface ProblemNoteProps {
  readonly problem: Error;
  readonly onAgain?: () => void;
}

/** What went wrong and what to do about it, in the server's own words. */
export function ProblemNote({ problem, onAgain }: ProblemNoteProps) {
  return (
    <div class="note note-problem" role="alert">
      <p class="lines">{problem.message}</p>
      {problem instanceof Problem && problem.hint !== undefined && <p class="hint">{problem.hint}</p>}
      {problem instanceof Problem && problem.code !== "" && <p class="code">{problem.code}</p>}
      {onAgain && (
        <button type="button" class="button" onClick={onAgain}>
          {say(common.again)}
        </button>
      )}
    </div>
  );
}
