import { damaged } from "./failures.ts";
import type { ArchivePlace } from "./place.ts";

/** Writes an object and reads it back; throws KRT_ARCHIVE_DAMAGED where a byte of it is another one. */
export async function writeVerified(place: ArchivePlace, key: string, bytes: Uint8Array): Promise<void> {
  await place.write(key, bytes);
  if (!Buffer.from(await place.readAll(key)).equals(bytes))
    throw damaged(place.location, key, "it was read back otherwise than it was written");
}
