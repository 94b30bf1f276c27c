import { join } from "node:path";
import { licenceTexts } from "../supply/licence-texts.ts";
import { bundleAgent } from "./agent-bundle.ts";
import { makeAgentRoot } from "./agent-root.ts";
import { compilerOf, type Architecture } from "./architecture.ts";
import { findLibraries } from "./libraries.ts";
import { cache, makeImage, productVersion, repository, type Image } from "./make-image.ts";
import { agentNodeVersion, nodeProgram } from "./node-program.ts";
import { papersOf } from "./papers.ts";

export async function agentImage(architecture: Architecture): Promise<Image> {
  const node = await nodeProgram(agentNodeVersion, architecture, cache);
  const launcher = join(repository, "images/agent/launcher.c");
  const { code: bundle, packages } = await bundleAgent(repository, await productVersion());
  const libraries = await findLibraries([node], compilerOf(architecture));
  return await makeImage({
    name: "agent",
    description: "keruta-agent: runs the command of one task in a Pod, in any image, and reports on it",
    architecture,
    inputs: [agentNodeVersion, bundle],
    files: [launcher, libraries.loader, ...libraries.files.values()],
    papers: await papersOf({
      root: repository,
      thirdParty: await licenceTexts(repository, packages),
      node,
      libraries,
    }),
    fill: (root) => makeAgentRoot(root, { architecture, bundle, launcher, libraries, node, cache }),
  });
}
