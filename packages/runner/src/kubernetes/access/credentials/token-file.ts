import { invalidKubeconfig } from "../kubeconfig/invalid-kubeconfig.ts";
import { readFileOrData } from "../kubeconfig/read-file-or-data.ts";
import type { AccessDeps } from "../deps.ts";
import { withAuthorization, type Credentials, type Identity } from "./identity.ts";

/** The kubelet renews a token when a fifth of its hour is left; client-go reads the file once a minute too. */
const freshMs = 60_000;

export function createTokenFile(
  path: string,
  base: Identity,
  place: string,
  { clock }: Pick<AccessDeps, "clock">,
): Credentials {
  let held: { readonly identity: Identity; readonly readAt: number } | undefined;
  return {
    async identity() {
      if (held !== undefined && clock() - held.readAt < freshMs) return held.identity;
      const token = (await readFileOrData({ path }, place))?.trim() ?? "";
      if (token === "") {
        throw invalidKubeconfig(place, {
          en: `its token file ${path} is empty`,
          ja: `トークンファイル ${path} が空です`,
        });
      }
      held = { identity: withAuthorization(base, `Bearer ${token}`), readAt: clock() };
      return held.identity;
    },
    renew() {
      held = undefined;
      return true;
    },
  };
}
