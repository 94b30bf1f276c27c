import type { Role } from "@keruta/shared/domain";
import type { Token } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";

export type ShownToken = Omit<Token, "attempt">;

interface TokenTerms {
  readonly name: string;
  readonly role: Role;
  readonly namespaces: readonly string[] | null;
  readonly expiresAt: string | null;
}

/** The queue's tokens, through its server or on the database itself. */
export interface Tokens {
  /** The secret is told this once. */
  create(terms: TokenTerms): Promise<ShownToken & { readonly token: string }>;
  list(): Promise<readonly ShownToken[]>;
  /** False where there is none. */
  revoke(id: string): Promise<boolean>;
}

export async function withTokens<T>(context: Context, use: (tokens: Tokens) => Promise<T>): Promise<T> {
  const place = placeOf(context);
  return place.kind === "api"
    ? await use(await byServer(context, place.url))
    : await onDatabase(context, use);
}

async function byServer(context: Context, url: string): Promise<Tokens> {
  const { createHttp } = await import("@keruta/shared/api");
  const { isKerutaError } = await import("@keruta/shared/domain");
  const { apiOptions } = await import("../../api/api-options.ts");
  const http = createHttp(await apiOptions(context, url));
  return {
    create: (terms) => http.json({ method: "POST", path: "/tokens", json: terms }),
    list: async () => (await http.json<{ items: readonly ShownToken[] }>({ path: "/tokens" })).items,
    async revoke(id) {
      try {
        await http.send({ method: "DELETE", path: `/tokens/${encodeURIComponent(id)}` });
        return true;
      } catch (error) {
        if (isKerutaError(error, "KRT_SERVER_NOT_FOUND")) return false;
        throw error;
      }
    },
  };
}

async function onDatabase<T>(context: Context, use: (tokens: Tokens) => Promise<T>): Promise<T> {
  const { digestOf, newSecret } = await import("@keruta/server/auth");
  const { queue, accounts, audited } = await context.openStore();
  const by = { who: context.user, address: null, requestId: null };
  try {
    return await use({
      async create(terms) {
        const secret = newSecret("krt", context.random);
        const added = { ...terms, digest: digestOf(secret), attempt: null, createdBy: context.user };
        const { name, role, namespaces } = terms;
        const made = await audited(
          (stores) => stores.accounts.addToken(added),
          ({ id }) => ({ ...by, action: "token.create", target: id, details: { name, role, namespaces } }),
        );
        return { ...shown(made), token: secret };
      },
      list: async () => (await accounts.listTokens()).map(shown),
      revoke: (id) =>
        audited(
          (stores) => stores.accounts.revokeToken(id),
          (isThere) => (isThere ? { ...by, action: "token.revoke", target: id, details: {} } : null),
        ),
    });
  } finally {
    await queue.close();
  }
}

function shown(token: Token): ShownToken {
  const { attempt: _, ...fields } = token;
  return fields;
}
