import { composeContext } from "./compose/compose.ts";
import { exitCodes } from "@keruta/shared/domain";
import { runProgram } from "./program/program.ts";

// A process that waits for nothing any more ends, whatever it has promised: that is no success.
const unfinished = () => {
  process.exitCode = exitCodes.kerutaFailed;
  process.stderr.write("keruta: the program ended before its work was done; this is a defect of keruta\n");
};
process.once("exit", unfinished);
process.exitCode = await runProgram(composeContext(), process.argv.slice(2));
process.off("exit", unfinished);
