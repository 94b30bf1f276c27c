import type { Text } from "@keruta/shared/domain";

/** Why a request came to nothing, in the words of the server, which speaks the panel's language. */
export class Problem extends Error {
  override readonly name = "Problem";
  /** 0: the server was not reached. */
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, hint?: string, details = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

export interface Complaint {
  readonly path: string;
  readonly text: Text;
}

/** What a server says of a task that is none, one by one. */
export function complaintsOf(problem: Problem): readonly Complaint[] {
  const { complaints } = problem.details;
  return Array.isArray(complaints) ? complaints.filter(isComplaint) : [];
}

function isComplaint(value: unknown): value is Complaint {
  return typeof value === "object" && value !== null && "path" in value && "text" in value;
}

export async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as {
    readonly error?: {
      readonly code?: string;
      readonly message?: string;
      readonly hint?: string;
      readonly details?: Readonly<Record<string, unknown>>;
    };
  };
  const {
    code = "KRT_INTERNAL",
    message = `HTTP ${String(answer.status)}`,
    hint,
    details = {},
  } = body.error ?? {};
  return new Problem(answer.status, code, message, hint, details);
}
