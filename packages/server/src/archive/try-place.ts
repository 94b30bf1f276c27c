import { damaged } from "./failures.ts";
import { openArchivePlace } from "./open-place.ts";

/** Writes, reads and removes an object of a few bytes. Throws KRT_ARCHIVE_… where any of it does not work. */
export async function tryArchivePlace(
  location: string,
  random: (bytes: number) => Uint8Array,
): Promise<void> {
  const place = await openArchivePlace(location);
  const bytes = random(16);
  const key = `doctor/${Buffer.from(random(8)).toString("hex")}`;
  await place.write(key, bytes);
  const back = Buffer.from(await place.readAll(key));
  await place.remove(key);
  if (!back.equals(bytes)) throw damaged(location, key, "it was read back otherwise than it was written");
}
