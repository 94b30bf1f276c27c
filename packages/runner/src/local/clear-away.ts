import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AttemptObserver } from "../stages/observer.ts";
import { removeTree } from "./remove-tree.ts";

/** In a directory of which it was told that it stays: it is tried again and again, and told once. */
const toldFile = ".keruta-stays";

/** Removes what an attempt left that has its result. What cannot be removed is told: it is in no later task's way. */
export async function clearAway(directory: string, observer: Pick<AttemptObserver, "notice">): Promise<void> {
  const told = join(directory, toldFile);
  const wasTold = await isThere(told);
  try {
    await removeTree(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    // Where this fails it is told again.
    await writeFile(told, "").catch(() => undefined);
    if (wasTold) return;
    observer.notice({
      en: `${directory} cannot be removed, remove it by hand: ${message}`,
      ja: `${directory} を削除できません。手動で削除してください: ${message}`,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
