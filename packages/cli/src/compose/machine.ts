import { fileURLToPath } from "node:url";
import { isSea } from "node:sea";
import { codeOf } from "@keruta/shared/domain";
import type { AgentCommand } from "@keruta/runner/local";
import { createProcessTable, type ProcessTable } from "@keruta/shared/queue";
import type { Machine } from "../context/machine.ts";
import { embeddedAgent, embeddedPanel } from "./embedded.ts";
import { startTimer } from "./start-timer.ts";

export function createMachine(crashPoint: Machine["crashPoint"]): Machine {
  let processes: ProcessTable | undefined;
  return {
    nodeVersion: process.versions.node,
    get processes() {
      return (processes ??= createProcessTable({ platform: process.platform, pid: process.pid }));
    },
    timers: {
      after: startTimer,
      every(milliseconds, act) {
        const timer = setInterval(act, milliseconds);
        return () => {
          clearInterval(timer);
        };
      },
    },
    agent: isSea() ? embeddedAgent(process.execPath) : agentCommand(),
    panel: isSea() ? embeddedPanel() : panelDirectory(),
    signalGroup(pid, signal) {
      try {
        process.kill(-pid, signal);
      } catch (error) {
        // ESRCH: it ended by itself meanwhile, which is what was wanted.
        if (codeOf(error) !== "ESRCH") throw error;
      }
    },
    crashPoint,
  };
}

/** The panel lies beside this program; one that runs from sources takes that of the last build. */
function panelDirectory(): string {
  const place = typeof KERUTA_VERSION === "undefined" ? "../../dist/panel" : "./panel";
  return fileURLToPath(new URL(place, import.meta.url));
}

/** The agent's program lies beside this one; run from sources it is its own main file. */
function agentCommand(): AgentCommand {
  if (typeof KERUTA_VERSION === "undefined") {
    const main = fileURLToPath(new URL("../../../agent/src/main.ts", import.meta.url));
    return [process.execPath, "--conditions=keruta-source", main];
  }
  return [process.execPath, fileURLToPath(new URL("./keruta-agent.js", import.meta.url))];
}
