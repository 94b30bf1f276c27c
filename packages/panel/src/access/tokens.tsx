import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { api } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Table } from "../ui/table.tsx";
import { Plain } from "../ui/plain.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { Age, Moment } from "../ui/time.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./access-words.ts";
import type { Token } from "./accounts.ts";
import { TokenDialog } from "./token-dialog.tsx";

export function Tokens() {
  const live = useLive(
    "tokens",
    async (signal) =>
      (await api.json<{ readonly items: readonly Token[] }>({ path: "/tokens", signal })).items,
    { concerns: () => false },
  );
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Token | undefined>();
  const action = useAction();
  const revoke = ({ id }: Token) => {
    setRevoked(undefined);
    action.run(async () => {
      await api.send({ method: "DELETE", path: `/tokens/${encodeURIComponent(id)}` });
      live.reload();
    });
  };
  return (
    <section class="panel">
      <div class="row">
        <h2>{say(words.tokens)}</h2>
        <button
          type="button"
          class="button"
          onClick={() => {
            setMaking(true);
          }}
        >
          {say(words.addToken)}
        </button>
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      <Loaded live={live}>
        {(tokens) =>
          tokens.length === 0 ? (
            <p class="quiet">{say(words.noTokens)}</p>
          ) : (
            <TokenTable tokens={tokens} onRevoke={setRevoked} />
          )
        }
      </Loaded>
      {isMaking && (
        <TokenDialog
          onMade={live.reload}
          onClose={() => {
            setMaking(false);
          }}
        />
      )}
      {revoked && (
        <Confirm
          title={say(words.revokeOf(revoked.name))}
          action={say(words.revoke)}
          isDangerous
          onConfirm={() => {
            revoke(revoked);
          }}
          onClose={() => {
            setRevoked(undefined);
          }}
        >
          <p>{say(words.revokeWhy)}</p>
        </Confirm>
      )}
    </section>
  );
}

interface TokenTableProps {
  readonly tokens: readonly Token[];
  readonly onRevoke: (token: Token) => void;
}

function TokenTable({ tokens, onRevoke }: TokenTableProps) {
  const heads = [
    words.name,
    words.role,
    words.namespaces,
    words.expires,
    words.lastUsed,
    words.by,
    words.actions,
  ];
  return (
    <Table label={words.tokens} heads={heads}>
      {tokens.map((token) => (
        <tr key={token.id} role="row">
          <td role="cell" class="cell-name">
            <Plain text={token.name} />
          </td>
          <td role="cell">{token.role}</td>
          <td role="cell" data-label={say(words.namespaces)}>
            {token.namespaces?.join(", ") ?? say(words.all)}
          </td>
          <td role="cell" class="cell-time" data-label={say(words.expires)}>
            {token.expiresAt === null ? say(words.never) : <Moment time={token.expiresAt} />}
          </td>
          <td role="cell" class="cell-time" data-label={say(words.lastUsed)}>
            {token.lastUsedAt === null ? say(words.notYet) : <Age time={token.lastUsedAt} />}
          </td>
          <td role="cell" data-label={say(words.by)}>
            <Plain text={token.createdBy} />
          </td>
          <td role="cell" class="cell-actions">
            <button
              type="button"
              class="button"
              aria-label={say(words.revokeOf(token.name))}
              onClick={() => {
                onRevoke(token);
              }}
            >
              {say(words.revoke)}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}
