import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { productVersion, repository } from "./images/make-image.ts";
import { releaseBinaries, releaseImages, releasePackage } from "./release/artifacts.ts";
import { writeChecksums } from "./release/checksums.ts";
import { help, parseRelease, type ReleaseOptions } from "./release/options.ts";
import { publish, show } from "./release/publish.ts";
import { cleanTree, refuseOtherVersions, refuseUnready } from "./release/tree.ts";

const directory = join(repository, "release");

async function release({
  publish: isReal,
  provenance,
  skipChecks,
  architectures,
}: ReleaseOptions): Promise<void> {
  const version = await productVersion();
  const { revision, epoch } = await cleanTree(repository);
  await refuseOtherVersions(repository, version);
  if (isReal) await refuseUnready(repository, { version, provenance });
  if (!skipChecks) await show("npm", ["run", "check"], repository);

  // What the images say of themselves, and the time of all files.
  process.env["SOURCE_DATE_EPOCH"] = String(epoch);
  process.env["KERUTA_REVISION"] = revision;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  const parts = { directory, version, epoch };
  await releasePackage(parts);
  for (const architecture of architectures) {
    console.log(`release: binaries and images for ${architecture}`);
    await releaseBinaries(parts, architecture);
    await releaseImages(parts, architecture);
  }
  for (const { name, bytes } of await writeChecksums(directory)) {
    console.log(`${(bytes / 1e6).toFixed(1).padStart(7)} MB  release/${name}`);
  }
  if (isReal) {
    await publish(repository, { directory, version, provenance });
    console.log(
      `keruta ${version} is published. Next: git push origin v${version}, and the files of release/.`,
    );
  } else {
    console.log(
      `keruta ${version} of ${revision.slice(0, 12)} is built, nothing is published (--publish does).`,
    );
  }
}

try {
  const options = parseRelease(process.argv.slice(2));
  if (options) await release(options);
  else process.stdout.write(help);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
