import { useEffect, useState } from "preact/hooks";
import { complaintsOf, Problem, type Complaint } from "../api/problem.ts";
import { api, isExpired } from "../session/session.ts";

export type Check =
  /** There is nothing to ask about yet. */
  | { readonly kind: "idle" }
  | { readonly kind: "running" }
  /** `job` null: it runs as a process. */
  | { readonly kind: "valid"; readonly job: Readonly<Record<string, unknown>> | null }
  | { readonly kind: "invalid"; readonly complaints: readonly Complaint[] }
  | { readonly kind: "failed"; readonly problem: Error };

/** So that not every letter is a request. */
const restMilliseconds = 350;

/** What the server's rules say of a task, and the Job it would make, while it is typed. `body` undefined: not yet. */
export function useCheck(body: string | undefined): Check {
  const [state, setState] = useState<{ readonly of: string | undefined; readonly check: Check }>();
  useEffect(() => {
    if (body === undefined) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void ask(body, stop.signal).then((check) => {
        if (!stop.signal.aborted) setState({ of: body, check });
      });
    }, restMilliseconds);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // Again with the session that follows one that has ended.
  }, [body, isExpired.value]);
  if (body === undefined) return { kind: "idle" };
  return state && state.of === body ? state.check : { kind: "running" };
}

async function ask(body: string, signal: AbortSignal): Promise<Check> {
  try {
    const json: unknown = JSON.parse(body);
    type Answer = { readonly job: Readonly<Record<string, unknown>> | null };
    const { job } = await api.json<Answer>({ method: "POST", path: "/tasks/render", json, signal });
    return { kind: "valid", job };
  } catch (error) {
    const complaints = error instanceof Problem ? complaintsOf(error) : [];
    if (complaints.length > 0) return { kind: "invalid", complaints };
    return { kind: "failed", problem: error instanceof Error ? error : new Error(String(error)) };
  }
}
