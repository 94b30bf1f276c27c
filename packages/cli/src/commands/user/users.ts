import type { ErrorCode, PersonRole } from "@keruta/shared/domain";
import type { User } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";

interface UserTerms {
  readonly name: string;
  readonly role: PersonRole;
  /** null: all. */
  readonly namespaces: readonly string[] | null;
  readonly password: string;
}

type UserTermsChange = Partial<Omit<UserTerms, "name">>;

/** The queue's people, through its server or on the database itself. */
export interface Users {
  /** False where the name is taken. */
  add(terms: UserTerms): Promise<boolean>;
  list(): Promise<readonly User[]>;
  /** Ends the person's sessions. False where there is none. */
  update(name: string, change: UserTermsChange): Promise<boolean>;
  /** Ends the person's sessions. False where there is none. */
  remove(name: string): Promise<boolean>;
}

export async function withUsers<T>(context: Context, use: (users: Users) => Promise<T>): Promise<T> {
  const place = placeOf(context);
  return place.kind === "api"
    ? await use(await byServer(context, place.url))
    : await onDatabase(context, use);
}

async function byServer(context: Context, url: string): Promise<Users> {
  const { createHttp } = await import("@keruta/shared/api");
  const { isKerutaError } = await import("@keruta/shared/domain");
  const { apiOptions } = await import("../../api/api-options.ts");
  const http = createHttp(await apiOptions(context, url));
  const send = async (request: Parameters<typeof http.send>[0], no: ErrorCode): Promise<boolean> => {
    try {
      await http.send(request);
      return true;
    } catch (error) {
      if (isKerutaError(error, no)) return false;
      throw error;
    }
  };
  const pathOf = (name: string) => `/users/${encodeURIComponent(name)}`;
  return {
    add: (terms) => send({ method: "POST", path: "/users", json: terms }, "KRT_NAME_TAKEN"),
    list: async () => (await http.json<{ items: readonly User[] }>({ path: "/users" })).items,
    update: (name, change) =>
      send({ method: "PATCH", path: pathOf(name), json: change }, "KRT_SERVER_NOT_FOUND"),
    remove: (name) => send({ method: "DELETE", path: pathOf(name) }, "KRT_SERVER_NOT_FOUND"),
  };
}

async function onDatabase<T>(context: Context, use: (users: Users) => Promise<T>): Promise<T> {
  const { queue, accounts, audited } = await context.openStore();
  const by = { who: context.user, address: null, requestId: null };
  const hashOf = async (password: string) => {
    const { hashPassword } = await import("@keruta/server/password");
    return await hashPassword(password, context.random);
  };
  try {
    return await use({
      async add({ password, ...given }) {
        const passwordHash = await hashOf(password);
        const { name: target, role, namespaces } = given;
        return await audited(
          (stores) => stores.accounts.addUser({ ...given, passwordHash }),
          (isAdded) =>
            isAdded ? { ...by, action: "user.add", target, details: { role, namespaces } } : null,
        );
      },
      list: () => accounts.listUsers(),
      async update(target, { password, ...given }) {
        const hashed = password === undefined ? {} : { passwordHash: await hashOf(password) };
        const details = { ...given, password: password !== undefined };
        return await audited(
          (stores) => stores.accounts.updateUser(target, { ...given, ...hashed }),
          (isThere) => (isThere ? { ...by, action: "user.update", target, details } : null),
        );
      },
      remove: (target) =>
        audited(
          (stores) => stores.accounts.deleteUser(target),
          (isThere) => (isThere ? { ...by, action: "user.delete", target, details: {} } : null),
        ),
    });
  } finally {
    await queue.close();
  }
}
