type Environment = Readonly<Record<string, string | undefined>>;

/** What a command needs of the machine to be a normal process of its user. */
const passed = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR"];

/**
 * The environment that a local task inherits. A list of what passes, not of what is kept back: the driver's own
 * tokens and cloud credentials never reach a task that did not ask for them with `secretEnv`.
 */
export function hostEnvironment(env: Environment): Record<string, string> {
  return pick(env, (name) => passed.includes(name) || name.startsWith("LC_"));
}

/** For keruta's own helpers, git among them: proxies and the user's ssh agent too. */
export function agentEnvironment(env: Environment): Record<string, string> {
  const helpers = /^(https?|all|no)_proxy$|^SSH_AUTH_SOCK$|^SSL_CERT_(FILE|DIR)$|^GIT_SSL_CAINFO$/i;
  return { ...hostEnvironment(env), ...pick(env, (name) => helpers.test(name)) };
}

function pick(env: Environment, wanted: (name: string) => boolean): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && wanted(name)) picked[name] = value;
  return picked;
}
