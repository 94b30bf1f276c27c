import { KerutaError, type Text } from "@keruta/shared/domain";

export type CheckStatus = "ok" | "warning" | "failed";

export interface Check {
  /** Stable, for programs: `database`, `right:create:jobs`. */
  readonly name: string;
  readonly status: CheckStatus;
  readonly message: Text;
  /** What to do about it; null where all is well. */
  readonly remedy: Text | null;
}

export function ok(name: string, message: Text): Check {
  return { name, status: "ok", message, remedy: null };
}

export function warning(name: string, message: Text, remedy: Text): Check {
  return { name, status: "warning", message, remedy };
}

export function failed(name: string, message: Text, remedy: Text): Check {
  return { name, status: "failed", message, remedy };
}

/** What the surroundings refuse is what a check looks for; any other error is a bug and thrown on. */
export function failedWith(name: string, error: unknown): Check {
  if (!(error instanceof KerutaError)) throw error;
  const remedy = error.hint ?? {
    en: `\`keruta explain ${error.code}\` tells more.`,
    ja: `\`keruta explain ${error.code}\` で詳しく確認できます。`,
  };
  return failed(name, error.text, remedy);
}
