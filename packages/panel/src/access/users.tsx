import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { api } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Table } from "../ui/table.tsx";
import { Plain } from "../ui/plain.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { Age } from "../ui/time.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./access-words.ts";
import type { Account } from "./accounts.ts";
import { UserDialog } from "./user-dialog.tsx";

type Open = { readonly kind: "add" } | { readonly kind: "change" | "remove"; readonly account: Account };

export function Users() {
  const live = useLive(
    "users",
    async (signal) =>
      (await api.json<{ readonly items: readonly Account[] }>({ path: "/users", signal })).items,
    { concerns: () => false },
  );
  const [open, setOpen] = useState<Open | undefined>();
  const action = useAction();
  const close = () => {
    setOpen(undefined);
  };
  const done = () => {
    close();
    live.reload();
  };
  const remove = (account: Account) => {
    close();
    action.run(async () => {
      await api.send({ method: "DELETE", path: `/users/${encodeURIComponent(account.name)}` });
      live.reload();
    });
  };
  return (
    <section class="panel">
      <div class="row">
        <h2>{say(words.users)}</h2>
        <button
          type="button"
          class="button"
          onClick={() => {
            setOpen({ kind: "add" });
          }}
        >
          {say(words.addUser)}
        </button>
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      <Loaded live={live}>
        {(accounts) =>
          accounts.length === 0 ? (
            <p class="quiet">{say(words.noUsers)}</p>
          ) : (
            <UserTable accounts={accounts} onOpen={setOpen} />
          )
        }
      </Loaded>
      {open?.kind === "add" && <UserDialog account={undefined} onDone={done} onClose={close} />}
      {open?.kind === "change" && <UserDialog account={open.account} onDone={done} onClose={close} />}
      {open?.kind === "remove" && (
        <Confirm
          title={say(words.removeOf(open.account.name))}
          action={say(words.remove)}
          isDangerous
          onConfirm={() => {
            remove(open.account);
          }}
          onClose={close}
        >
          <p>{say(words.removeWhy)}</p>
        </Confirm>
      )}
    </section>
  );
}

interface UserTableProps {
  readonly accounts: readonly Account[];
  readonly onOpen: (open: Open) => void;
}

function UserTable({ accounts, onOpen }: UserTableProps) {
  const heads = [words.name, words.role, words.namespaces, words.lastLogin, words.actions];
  return (
    <Table label={words.users} heads={heads}>
      {accounts.map((account) => (
        <tr key={account.name} role="row">
          <td role="cell" class="cell-name">
            <Plain text={account.name} />
          </td>
          <td role="cell">{account.role}</td>
          <td role="cell" data-label={say(words.namespaces)}>
            {account.namespaces?.join(", ") ?? say(words.all)}
          </td>
          <td role="cell" class="cell-time" data-label={say(words.lastLogin)}>
            {account.lastLoginAt === null ? say(words.notYet) : <Age time={account.lastLoginAt} />}
          </td>
          <td role="cell" class="cell-actions">
            <button
              type="button"
              class="button"
              aria-label={say(words.changeOf(account.name))}
              onClick={() => {
                onOpen({ kind: "change", account });
              }}
            >
              {say(words.change)}
            </button>
            <button
              type="button"
              class="button"
              aria-label={say(words.removeOf(account.name))}
              onClick={() => {
                onOpen({ kind: "remove", account });
              }}
            >
              {say(words.remove)}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}
