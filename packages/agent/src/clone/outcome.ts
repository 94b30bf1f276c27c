import type { Category } from "@keruta/shared/domain";

export type CloneCategory = Extract<Category, "start" | "task-definition">;

export interface CloneFailure {
  readonly failed: true;
  readonly category: CloneCategory;
  /** One sentence with git's own last words where git spoke, free of secrets, at most 512 characters. */
  readonly message: string;
  /** Of the git command that failed; null where none ran or it was stopped. */
  readonly exitCode: number | null;
  /** Set where keruta ended it. */
  readonly stopped: "timeout" | "stop" | null;
}

/** `commit` is the full id checked out. */
export type CloneOutcome = { readonly failed: false; readonly commit: string } | CloneFailure;

const maxMessageLength = 512;

/** Carries a failure through the steps to `cloneRepository`, which makes it a value. */
export class CloneError extends Error {
  override readonly name = "CloneError";
  readonly failure: CloneFailure;
  /** A second try may succeed: the network, not the request, was at fault. */
  readonly transient: boolean;

  constructor(failure: Omit<CloneFailure, "failed" | "stopped">, transient = false) {
    super(failure.message);
    this.failure = { failed: true, stopped: null, ...failure };
    this.transient = transient;
  }
}

/** The end says more than the beginning: git's reason stands last. */
export function shorten(message: string): string {
  const characters = Array.from(message);
  return characters.length <= maxMessageLength
    ? message
    : `${characters.slice(0, 120).join("")} … ${characters.slice(-(maxMessageLength - 123)).join("")}`;
}
