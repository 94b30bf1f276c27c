import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { navigate, place, withSearch } from "../routing/place.ts";
import { api } from "../session/session.ts";
import { Heading } from "../ui/heading.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Table } from "../ui/table.tsx";
import { Plain } from "../ui/plain.tsx";
import { Moment } from "../ui/time.tsx";
import { words } from "./audit-words.ts";

interface AuditEntry {
  readonly seq: number;
  readonly time: string;
  readonly who: string;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly address: string | null;
}

const pageSize = 50;

/** Who changed what, the latest first. */
export function AuditScreen() {
  const before = place.value.search.get("before") ?? undefined;
  const live = useLive(`audit ${before ?? ""}`, async (signal) => {
    const call = { path: "/audit", query: { limit: pageSize, before }, signal };
    return (await api.json<{ readonly items: readonly AuditEntry[] }>(call)).items;
  });
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)} />
      <Loaded live={live}>
        {(entries) => (
          <>
            {entries.length === 0 && <p class="quiet">{say(words.none)}</p>}
            {entries.length > 0 && <AuditTable entries={entries} />}
            <nav class="row row-center" aria-label={say(words.title)}>
              <PageButton text={say(words.newest)} isOff={before === undefined} before={undefined} />
              <PageButton
                text={say(words.older)}
                isOff={entries.length < pageSize}
                before={entries.at(-1)?.seq.toString()}
              />
            </nav>
          </>
        )}
      </Loaded>
    </>
  );
}

interface PageButtonProps {
  readonly text: string;
  readonly isOff: boolean;
  readonly before: string | undefined;
}

function PageButton({ text, isOff, before }: PageButtonProps) {
  return (
    <button
      type="button"
      class="button"
      disabled={isOff}
      onClick={() => {
        navigate(withSearch({ before }));
        scrollTo(0, 0);
      }}
    >
      {text}
    </button>
  );
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  const heads = [words.time, words.who, words.action, words.target, words.details, words.address];
  return (
    <Table label={words.title} heads={heads}>
      {entries.map(({ seq, time, who, action, target, details, address }) => (
        <tr key={seq} role="row">
          <td role="cell" class="cell-time">
            <Moment time={time} />
          </td>
          <td role="cell">
            <Plain text={who} />
          </td>
          <td role="cell" class="cell-name">
            {action}
          </td>
          <td role="cell">
            <Plain text={target} />
          </td>
          <td role="cell" class="code">
            <Plain text={Object.keys(details).length === 0 ? "" : JSON.stringify(details)} />
          </td>
          <td role="cell">{address !== null && <Plain text={address} />}</td>
        </tr>
      ))}
    </Table>
  );
}
