import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Secrets } from "./secret-files.ts";
import type { Login, Source } from "./source.ts";

/** What git needs for one clone and nobody else may read; gone when it is disposed. */
export interface PrivateDirectory extends AsyncDisposable {
  /** Stands in for the user's home, so that neither `.gitconfig` nor `.netrc` of the host is read. */
  readonly path: string;
  readonly askpass: string | null;
  readonly sshConfig: string | null;
}

export interface PrivateContent {
  readonly source: Source;
  readonly login: Login | null;
  readonly secrets: Secrets | null;
}

export async function createPrivateDirectory(
  parent: string,
  { source, login, secrets }: PrivateContent,
): Promise<PrivateDirectory> {
  const path = await mkdtemp(join(parent, "keruta-clone-"));
  const put = (name: string, content: string, mode = 0o600) => writeFile(join(path, name), content, { mode });
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    // The volume's root belongs to another user than the clone, as does a local repository of someone else's.
    await put(".gitconfig", "[safe]\n\tdirectory = *\n");
    const askpass = login !== null && source.origin !== null ? join(path, "askpass") : null;
    if (askpass !== null && login !== null && source.origin !== null) {
      await put("username", `${login.username}\n`);
      await put("password", `${login.password}\n`);
      await put("askpass", askpassScript(source.origin), 0o700);
    }
    let sshConfig: string | null = null;
    if (secrets !== null && (secrets.privateKey !== null || secrets.knownHosts !== null)) {
      sshConfig = join(path, "ssh_config");
      if (secrets.privateKey !== null) await put("key", secrets.privateKey);
      await put("known_hosts", secrets.knownHosts ?? "");
      await put("ssh_config", sshSettings(path, secrets));
    }
    return { path, askpass, sshConfig, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Git asks with the name of the host it talks to: only the repository's own is answered, so that neither a
 * redirect nor a submodule elsewhere is given the password. The origin was checked to need no quoting.
 */
function askpassScript(origin: string): string {
  const [scheme = "", authority = ""] = origin.split("://");
  return `#!/bin/sh
here=\${0%/*}
case "$1" in
"Username for '${origin}': ") exec cat "$here/username" ;;
"Password for '${origin}': " | "Password for '${scheme}://"*"@${authority}': ") exec cat "$here/password" ;;
*) exit 1 ;;
esac
`;
}

function sshSettings(path: string, secrets: Secrets): string {
  const lines = [
    "Host *",
    "BatchMode yes",
    `StrictHostKeyChecking ${secrets.knownHosts === null ? "accept-new" : "yes"}`,
    `UserKnownHostsFile "${path}/known_hosts"`,
    "GlobalKnownHostsFile /dev/null",
    "UpdateHostKeys no",
    "ConnectTimeout 30",
    "ServerAliveInterval 15",
    "ServerAliveCountMax 4",
  ];
  if (secrets.privateKey !== null) lines.push(`IdentityFile "${path}/key"`, "IdentitiesOnly yes");
  return `${lines.join("\n")}\n`;
}
