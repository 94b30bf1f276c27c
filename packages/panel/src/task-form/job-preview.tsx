import { say } from "../language/language.ts";
import { visible } from "../text/visible.ts";
import { toYaml } from "../text/yaml.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { words } from "./form-words.ts";
import type { Check } from "./use-check.ts";

/** What the server says of the task as it is typed, and the Job it would make of it. */
export function JobPreview({ check }: { readonly check: Check }) {
  return (
    <section class="panel">
      <h2>{say(words.job)}</h2>
      <div role="status">
        {check.kind === "idle" && <p class="quiet">{say(words.unfinished)}</p>}
        {check.kind === "running" && <p class="quiet">{say(words.checking)}</p>}
        {check.kind === "valid" && <p class="is-done">{say(words.valid)}</p>}
      </div>
      {check.kind === "failed" && <ProblemNote problem={check.problem} />}
      {check.kind === "valid" && check.job === null && <p class="quiet">{say(words.noJob)}</p>}
      {check.kind === "valid" && check.job !== null && (
        <pre class="source" tabIndex={0} aria-label={say(words.job)}>
          {visible(toYaml(check.job), "\n\t")}
        </pre>
      )}
    </section>
  );
}
