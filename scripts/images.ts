import { relative } from "node:path";
import { parseArgs } from "node:util";
import { agentImage } from "./images/agent-image.ts";
import { parseArchitecture } from "./images/architecture.ts";
import { serverImage } from "./images/server-image.ts";

const { values } = parseArgs({ options: { arch: { type: "string", default: process.arch } } });
const architecture = parseArchitecture(values.arch);
for (const build of [agentImage, serverImage]) {
  const { archive, reference, isNew } = await build(architecture);
  console.log(`${relative(process.cwd(), archive)} has ${reference}${isNew ? "" : ", unchanged"}`);
}
