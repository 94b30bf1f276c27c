import type { Settings } from "@keruta/shared/domain";

/** Agents report to a server, each by a token of its own: only then anything writes Secrets. */
export function agentsHaveTokens(settings: Settings): boolean {
  return settings.get("keruta.agent.api-url") !== "" && settings.get("keruta.agent.token-secret") === "";
}
