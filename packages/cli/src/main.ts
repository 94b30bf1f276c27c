import { composeContext } from "./compose/compose.ts";
import { exitCodes } from "@keruta/shared/domain";
import { completing, runProgram } from "./program/program.ts";

// A process that waits for nothing any more ends, whatever it has promised: that is no success.
const unfinished = () => {
  process.exitCode = exitCodes.kerutaFailed;
  process.stderr.write("keruta: the program ended before its work was done; this is a defect of keruta\n");
};
process.once("exit", unfinished);
const argv = process.argv.slice(2);
process.exitCode = await runProgram(composeContext(), argv);
process.off("exit", unfinished);
// A queue that does not answer would hold the shell, whose user waits with a finger on Tab.
if (argv[0] === completing) process.exit();
