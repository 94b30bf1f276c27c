import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { makeBinary } from "./binary/make-binary.ts";
import { agentBinary, kerutaBinary } from "./binary/programs.ts";
import { parseArchitecture } from "./images/architecture.ts";

// After `npm run build`: they hold what lies in packages/cli/dist.
const { values } = parseArgs({ options: { arch: { type: "string", default: process.arch } } });
const architecture = parseArchitecture(values.arch);
for (const binary of [await kerutaBinary(architecture), agentBinary(architecture)]) {
  await makeBinary(binary);
  const { size } = await stat(binary.file);
  console.log(`${relative(process.cwd(), binary.file)}, ${String(Math.round(size / 1e6))} MB`);
}
