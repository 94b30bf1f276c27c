import { renameSync, rmSync, writeFileSync } from "node:fs";
import { codeOf, type CommandProcess } from "@keruta/shared/domain";

/** The file that says which process group to end when the agent is killed. */
export interface ProcessNote {
  /** At once, before anything else can happen. */
  write(process: CommandProcess): void;
  remove(): void;
  readonly notes: readonly string[];
}

export function createProcessNote(path: string): ProcessNote {
  const notes = new Set<string>();
  const attempt = (note: () => void): void => {
    try {
      note();
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      // A full disk must not fail the command, which runs already.
      notes.add(`The command's process could not be noted (${code}).`);
    }
  };
  return {
    write(process) {
      attempt(() => {
        writeFileSync(`${path}.part`, JSON.stringify(process), { mode: 0o600 });
        renameSync(`${path}.part`, path);
      });
    },
    remove: () => attempt(() => rmSync(path, { force: true })),
    get notes() {
      return [...notes];
    },
  };
}
