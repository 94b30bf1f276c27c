/** Set by the launcher, `images/agent/launcher.c`: its own file. Only the agent has it, no command does. */
const launcherVariable = "KERUTA_AGENT_LAUNCHER";

const hiddenBit = 0x40;

export function launcherOf(env: Readonly<Record<string, string>>): string | null {
  return env[launcherVariable] ?? null;
}

/**
 * The environment as the container got it. The launcher hides variables as LD_PRELOAD and NODE_OPTIONS from the
 * agent's own loader and Node by taking a bit off their first letter, which makes it a control character.
 */
export function revealVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      const first = name.charCodeAt(0);
      if (first >= 0x20) return [name, value];
      return [String.fromCharCode(first | hiddenBit) + name.slice(1), value];
    }),
  );
}
