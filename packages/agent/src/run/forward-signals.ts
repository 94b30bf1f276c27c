import type { Stop } from "../command/stop.ts";
import type { Host } from "../host/host.ts";

const forwarded = [
  "SIGTERM",
  "SIGINT",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGWINCH",
  "SIGCONT",
] as const;

/**
 * Passes the agent's signals on to the command. Under a driver only SIGTERM counts: what a terminal sends reaches
 * the driver too, which decides what it means.
 */
export function listenToSignals(host: Pick<Host, "onSignal">, stop: Stop, hasDriver: boolean): void {
  for (const name of forwarded) {
    host.onSignal(name, () => {
      if (!hasDriver || name === "SIGTERM") stop.forward(name);
    });
  }
}
