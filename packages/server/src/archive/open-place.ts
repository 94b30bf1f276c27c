import { parseArchiveLocation } from "@keruta/shared/domain";
import { createDirectoryPlace } from "./directory-place.ts";
import { locationInvalid } from "./failures.ts";
import type { ArchivePlace } from "./place.ts";

/** For all readers of a process: a client of S3 has connections of its own. */
const places = new Map<string, Promise<ArchivePlace>>();

/** `text`: as `keruta.logs.archive.location`. Throws KRT_ARCHIVE_LOCATION for what is no place. */
export function openArchivePlace(text: string): Promise<ArchivePlace> {
  const known = places.get(text);
  if (known) return known;
  const opening = makePlace(text);
  places.set(text, opening);
  return opening;
}

async function makePlace(text: string): Promise<ArchivePlace> {
  const location = parseArchiveLocation(text);
  if (!location) throw locationInvalid(text);
  if (location.kind === "directory") return createDirectoryPlace(location.path);
  const { createS3Place } = await import("./s3-place.ts");
  return createS3Place(text, location);
}
