import { appendFileSync } from "node:fs";
import type { Control, Mask } from "@keruta/shared/domain";
import type { Journal } from "../output/journal.ts";

export interface ControlTaker {
  take(control: Control): void;
  /** Sentences about artifacts that could not be noted. */
  readonly notes: readonly string[];
}

/** Far more than a command has reason to name; globs are the way for many files. */
const maxListedArtifacts = 10_000;

/** What the command tells: masked, into the journal; and named artifacts into a list for `collect`. */
export function createControlTaker(
  listPath: string,
  mask: Mask,
  journal: Journal,
  told: (control: Control, sequence: number) => void,
): ControlTaker {
  const notes: string[] = [];
  let listed = 0;
  return {
    take(control) {
      const masked = maskControl(control, mask);
      journal.control(masked);
      told(masked, journal.sequence);
      if (masked.type !== "artifact" || notes.length > 0) return;
      listed += 1;
      try {
        if (listed > maxListedArtifacts)
          throw new Error(`more than ${String(maxListedArtifacts)} were named`);
        appendFileSync(listPath, `${JSON.stringify(masked.path)}\n`, { mode: 0o644 });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        notes.push(`Not all artifacts that the command named were noted: ${code ?? message}.`);
      }
    },
    notes,
  };
}

function maskControl(control: Control, mask: Mask): Control {
  switch (control.type) {
    case "progress":
    case "log":
      return { ...control, message: mask.maskText(control.message) };
    case "artifact":
      return { ...control, path: mask.maskText(control.path) };
    case "output":
      return { ...control, name: mask.maskText(control.name), value: mask.maskText(control.value) };
    case "started":
      return control;
  }
}
