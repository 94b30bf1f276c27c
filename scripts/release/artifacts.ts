import { readFile, rename, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeBinary } from "../binary/make-binary.ts";
import { agentBinary, kerutaBinary } from "../binary/programs.ts";
import { agentImage } from "../images/agent-image.ts";
import { bundleAgent } from "../images/agent-bundle.ts";
import { targets, type Architecture } from "../images/architecture.ts";
import { cache, repository, type Image } from "../images/make-image.ts";
import { nodeProgram, serverNodeVersion } from "../images/node-program.ts";
import { billPlace, nodeLicence } from "../images/papers.ts";
import { run } from "../images/run.ts";
import { serverImage } from "../images/server-image.ts";
import { nodeComponent, packageComponents, sqliteComponent } from "../supply/components.ts";
import { licenceTexts } from "../supply/licence-texts.ts";
import { npmComponents, sbom, type Component } from "../supply/sbom.ts";
import { compress, writeArchive } from "./archive.ts";

export interface Release {
  readonly directory: string;
  readonly version: string;
  /** Seconds, of the commit. */
  readonly epoch: number;
}

const dist = join(repository, "packages/cli/dist");
const licence = () => readFile(join(repository, "LICENSE"), "utf8");

/** The package as `npm install` takes it; `prepack` has built it. */
export async function releasePackage({ directory, version, epoch }: Release): Promise<void> {
  await run(
    "npm",
    ["pack", "--workspace", "keruta", "--silent", "--pack-destination", directory],
    repository,
  );
  const components = await packageComponents(repository);
  await writeFile(
    join(directory, `keruta-${version}.cdx.json`),
    sbom({ name: "keruta", version, components, epoch }),
  );
}

/** `keruta` and `keruta-agent`, each with its licences in an archive and its bill of materials beside it. */
export async function releaseBinaries(release: Release, architecture: Architecture): Promise<void> {
  const node = await nodeProgram(serverNodeVersion, architecture, cache);
  const nodeWork = { title: `Node.js ${serverNodeVersion}`, text: await nodeLicence(node) };
  const runtime = nodeComponent(serverNodeVersion, architecture);
  const { packages } = await bundleAgent(repository, release.version);
  const bundled = await readFile(join(dist, "THIRD-PARTY-LICENSES.txt"), "utf8");

  await releaseBinary(release, {
    binary: await kerutaBinary(architecture),
    licences: bundled + (await licenceTexts(repository, [], [nodeWork])),
    components: [...(await packageComponents(repository)), sqliteComponent(), runtime],
  });
  await releaseBinary(release, {
    binary: agentBinary(architecture),
    licences: await licenceTexts(repository, packages, [nodeWork]),
    components: [...(await npmComponents(repository, packages)), runtime],
  });
}

interface BinaryRelease {
  readonly binary: Parameters<typeof makeBinary>[0];
  readonly licences: string;
  readonly components: readonly Component[];
}

async function releaseBinary({ directory, version, epoch }: Release, one: BinaryRelease): Promise<void> {
  const { binary, licences, components } = one;
  await makeBinary(binary);
  const name = basename(binary.file);
  const base = `${name}-${version}-linux-${binary.architecture}`;
  await writeArchive({
    file: join(directory, `${base}.tar.gz`),
    directory: base,
    program: { name, from: binary.file },
    texts: { LICENSE: await licence(), "THIRD-PARTY-LICENSES.txt": licences },
    epoch,
  });
  await writeFile(join(directory, `${base}.cdx.json`), sbom({ name, version, components, epoch }));
}

/** Each as `docker load` takes it. */
export async function releaseImages(release: Release, architecture: Architecture): Promise<void> {
  await releaseImage(release, await agentImage(architecture), `agent-image-${release.version}`, architecture);
  await releaseImage(
    release,
    await serverImage(architecture),
    `server-image-${release.version}`,
    architecture,
  );
}

async function releaseImage(
  { directory }: Release,
  image: Image,
  name: string,
  architecture: Architecture,
): Promise<void> {
  const file = join(directory, `keruta-${name}-linux-${targets[architecture].platform}`);
  await compress(image.archive, `${file}.tar.gz.part`);
  await rename(`${file}.tar.gz.part`, `${file}.tar.gz`);
  await writeFile(`${file}.cdx.json`, await readFile(join(image.root, billPlace)));
}
