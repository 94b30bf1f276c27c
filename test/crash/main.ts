import { composeContext } from "../../packages/cli/src/compose/compose.ts";
import { runProgram } from "../../packages/cli/src/program/program.ts";

// The keruta program, but for one thing: it kills itself at the point that KERUTA_TEST_CRASH_AT names.
const at = process.env["KERUTA_TEST_CRASH_AT"];
const context = composeContext((name) => {
  if (name === at) process.kill(process.pid, "SIGKILL");
});
process.exitCode = await runProgram(context, process.argv.slice(2));
