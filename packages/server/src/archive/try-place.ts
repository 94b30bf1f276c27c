import { openArchivePlace } from "./open-place.ts";
import { writeVerified } from "./write-verified.ts";

/** Writes, reads and removes an object of a few bytes. Throws KRT_ARCHIVE_… where any of it does not work. */
export async function tryArchivePlace(
  location: string,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  const place = await openArchivePlace(location);
  const key = `doctor/${Buffer.from(random(8)).toString("hex")}`;
  await writeVerified(place, key, random(16));
  await place.remove(key);
}
