import type { AccountStore } from "../../accounts.ts";
import type { Context } from "../context.ts";
import type { Store } from "../queue.ts";
import { listAudit, recordAudit } from "./audit.ts";
import { endSession, findSession, sweepSessions } from "./sessions.ts";
import { addToken, findToken, listTokens, mayNoteUse, noteUse, revokeToken, sweepTokens } from "./tokens.ts";
import { addUser, deleteUser, findUser, listUsers, recordLogin, updateUser } from "./users.ts";

/** Tokens, people, sessions and the audit log over any SQL database. */
export function createSqlAccounts({ read, write }: Store, context: Context): AccountStore {
  return {
    addToken: (token) => write(() => addToken(token, context)),
    async findToken(digest) {
      const token = await read(() => findToken(digest, context));
      if (token && mayNoteUse(token, context)) await write(() => noteUse(token, context), undefined, "vital");
      return token;
    },
    listTokens: () => read(() => listTokens()),
    revokeToken: (id) => write(() => revokeToken(id)),

    addUser: (user) => write(() => addUser(user, context)),
    findUser: (name) => read(() => findUser(name)),
    listUsers: () => read(() => listUsers()),
    updateUser: (name, change) => write(() => updateUser(name, change)),
    deleteUser: (name) => write(() => deleteUser(name)),
    recordLogin: (name, compared) => write(() => recordLogin(name, compared, context), undefined, "vital"),

    findSession: (digest) => read(() => findSession(digest, context)),
    endSession: (digest) => write(() => endSession(digest)),

    recordAudit: (entry) => write(() => recordAudit(entry, context), undefined, "vital"),
    listAudit: (filter) => read(() => listAudit(filter)),
    sweepAccounts: () =>
      write(function* () {
        yield* sweepSessions(context);
        yield* sweepTokens(context);
      }),
  };
}
