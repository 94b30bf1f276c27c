import type { AccessDeps } from "../deps.ts";
import type { Target } from "../kubeconfig/kubeconfig.ts";
import { readFileOrData } from "../kubeconfig/read-file-or-data.ts";
import { createExecPlugin } from "./exec-plugin.ts";
import { outlastFailures } from "./outlast-failures.ts";
import { withAuthorization, type Credentials, type Identity } from "./identity.ts";
import { createTokenFile } from "./token-file.ts";

/** The user's own, in kubectl's order: token file or token, name and password, plugin; a certificate besides. */
export async function createCredentials(
  target: Target,
  place: string,
  deps: AccessDeps,
): Promise<Credentials> {
  const { user } = target;
  const [certificate, key] = await Promise.all([
    readFileOrData(user.certificate, place),
    readFileOrData(user.key, place),
  ]);
  const headers: Record<string, string> = {};
  if (user.impersonate !== undefined) headers["impersonate-user"] = user.impersonate;
  const base: Identity = { headers, certificate, key };

  if (user.tokenFile !== undefined)
    return outlastFailures(createTokenFile(user.tokenFile, base, place, deps));
  if (user.token !== undefined) return fixed(withAuthorization(base, `Bearer ${user.token}`));
  if (user.username !== undefined) {
    const pair = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
    return fixed(withAuthorization(base, `Basic ${pair}`));
  }
  if (user.exec !== undefined)
    return outlastFailures(createExecPlugin(user.exec, target.cluster, base, place, deps));
  if (user.authProvider !== undefined) {
    const { createAuthProvider } = await import("./auth-provider.ts");
    return outlastFailures(await createAuthProvider(user.authProvider, base, place));
  }
  return fixed(base);
}

function fixed(identity: Identity): Credentials {
  return { identity: () => Promise.resolve(identity), renew: () => false };
}
