import { join } from "node:path";
import { licenceTexts } from "../supply/licence-texts.ts";
import { nodeComponent, systemComponents } from "../supply/components.ts";
import { npmComponents } from "../supply/sbom.ts";
import { bundleAgent } from "./agent-bundle.ts";
import { makeAgentRoot } from "./agent-root.ts";
import { compilerOf, type Architecture } from "./architecture.ts";
import { findLibraries } from "./libraries.ts";
import { cache, makeImage, productVersion, repository, type Image } from "./make-image.ts";
import { agentNodeVersion, nodeProgram } from "./node-program.ts";
import { originOf } from "./labels.ts";
import { papersOf } from "./papers.ts";
import { systemPackages } from "./system-packages.ts";

export async function agentImage(architecture: Architecture): Promise<Image> {
  const node = await nodeProgram(agentNodeVersion, architecture, cache);
  const launcher = join(repository, "images/agent/launcher.c");
  const version = await productVersion();
  const { code: bundle, packages } = await bundleAgent(repository, version);
  const libraries = await findLibraries([node], compilerOf(architecture));
  const system = await systemPackages(libraries);
  return await makeImage({
    name: "agent",
    description: "keruta-agent: runs the command of one task in a Pod, in any image, and reports on it",
    architecture,
    inputs: [agentNodeVersion, bundle],
    files: [launcher, libraries.loader, ...libraries.files.values()],
    papers: await papersOf({
      root: repository,
      name: "keruta-agent",
      version,
      epoch: originOf(process.env).epoch,
      thirdParty: await licenceTexts(repository, packages),
      node,
      system,
      components: [
        ...(await npmComponents(repository, packages)),
        nodeComponent(agentNodeVersion, architecture),
        ...systemComponents(system),
      ],
    }),
    fill: (root) => makeAgentRoot(root, { architecture, bundle, launcher, libraries, node, cache }),
  });
}
