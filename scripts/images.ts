import { relative } from "node:path";
import { parseArgs } from "node:util";
import { agentImage } from "./images/agent-image.ts";
import { parseArchitecture } from "./images/architecture.ts";

const { values } = parseArgs({ options: { arch: { type: "string", default: process.arch } } });
const { archive, reference, isNew } = await agentImage(parseArchitecture(values.arch));
console.log(`${relative(process.cwd(), archive)} has ${reference}${isNew ? "" : ", unchanged"}`);
