import { basename, dirname, join } from "node:path";

const pattern = /^\.(.+)\.[0-9a-f]{16}\.part$/;

/** `<parent>/.<name>.<random>.part`: on the same file system as the directory, so that a rename is atomic. */
export function partPath(directory: string, random: (bytes: number) => Uint8Array): string {
  const suffix = Buffer.from(random(8)).toString("hex");
  return join(dirname(directory), `.${basename(directory)}.${suffix}.part`);
}

/** The name of the directory that a part was to become, undefined for any other name. */
export function finalNameOfPart(name: string): string | undefined {
  return pattern.exec(name)?.[1];
}
