import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

export interface ImageInput {
  readonly dockerfile: string;
  /** Directory that COPY takes from. */
  readonly context: string;
  readonly reference: string;
  /** OCI's name of the architecture. */
  readonly platform: string;
  /** File of the docker-archive to write. */
  readonly archive: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds: the time of all files in it, and of itself. */
  readonly epoch: number;
}

/** Builds an image into an archive: by Docker where its daemon answers, else by buildah, which needs none. */
export async function buildImage(image: ImageInput): Promise<void> {
  await ((await hasDocker()) ? buildByDocker(image) : buildByBuildah(image));
}

async function hasDocker(): Promise<boolean> {
  return await run("docker", ["version", "--format", "{{.Server.Version}}"]).then(
    () => true,
    // No program, no daemon or no right to it: buildah says what is missing.
    () => false,
  );
}

async function buildByDocker(image: ImageInput): Promise<void> {
  const { dockerfile, context, reference, platform, archive, epoch } = image;
  const target = ["--platform", `linux/${platform}`, "--tag", reference, ...labelFlags(image)];
  const time = ["--build-arg", `SOURCE_DATE_EPOCH=${String(epoch)}`];
  await run("docker", ["build", "--quiet", ...time, ...target, "--file", dockerfile, context]);
  await run("docker", ["save", "--output", archive, reference]);
}

/** In a store of its own, so that nothing is left on the machine; chroot isolation needs no rights and no RUN. */
async function buildByBuildah(image: ImageInput): Promise<void> {
  const { dockerfile, context, reference, platform, archive, epoch } = image;
  const directory = await mkdtemp(join(tmpdir(), "keruta-image-"));
  const store = ["--root", join(directory, "root"), "--runroot", join(directory, "run")];
  const buildah = (...args: string[]) => run("buildah", [...store, "--storage-driver", "vfs", ...args]);
  try {
    const target = ["--arch", platform, "--os", "linux", "--tag", reference, ...labelFlags(image)];
    const same = ["--timestamp", String(epoch), "--identity-label=false"];
    await buildah(
      "bud",
      "--isolation",
      "chroot",
      "--quiet",
      ...same,
      ...target,
      "--file",
      dockerfile,
      context,
    );
    await buildah("push", "--quiet", reference, `docker-archive:${archive}:${reference}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function labelFlags({ labels }: ImageInput): string[] {
  return Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
}
