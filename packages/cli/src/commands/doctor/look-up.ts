import { codeOf } from "@keruta/shared/domain";

/** null where a name resolves, else why not, such as `ENOTFOUND`. */
export type LookUp = (host: string) => Promise<string | null>;

/** As connections do it: /etc/hosts and the name servers of this machine. */
export const lookUp: LookUp = async (host) => {
  const { lookup } = await import("node:dns/promises");
  try {
    await lookup(host);
    return null;
  } catch (error) {
    return codeOf(error) ?? String(error);
  }
};
