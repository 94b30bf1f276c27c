import { composeContext } from "./compose/compose.ts";
import { runProgram } from "./program/program.ts";

process.exitCode = await runProgram(composeContext(), process.argv.slice(2));
