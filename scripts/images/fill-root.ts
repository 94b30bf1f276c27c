import { mkdir, rename, rm } from "node:fs/promises";

/** Fills `directory` whole or not at all: what was there before stays until then. */
export async function fillRoot(directory: string, fill: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${directory}.${process.pid}`;
  await rm(aside, { recursive: true, force: true });
  await mkdir(aside, { recursive: true });
  try {
    await fill(aside);
    await rm(directory, { recursive: true, force: true });
    await rename(aside, directory);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
