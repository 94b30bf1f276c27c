import { say } from "../language/language.ts";
import type { Live } from "../live/use-live.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Table } from "../ui/table.tsx";
import { Plain } from "../ui/plain.tsx";
import { Moment } from "../ui/time.tsx";
import { words } from "./log-settings-words.ts";

export interface Delivery {
  readonly seq: number;
  readonly channel: string;
  readonly state: "waiting" | "sent" | "failed" | "digested";
  readonly subject: string;
  readonly tries: number;
  readonly createdAt: string;
  readonly detail: string | null;
}

/** What was sent, waits or failed, the latest first. */
export function Deliveries({ live }: { readonly live: Live<readonly Delivery[]> }) {
  const heads = [words.time, words.channel, words.subject, words.state, words.tries, words.detail];
  return (
    <section class="panel">
      <h2>{say(words.recent)}</h2>
      <Loaded live={live}>
        {(deliveries) =>
          deliveries.length === 0 ? (
            <p class="quiet">{say(words.nothingSent)}</p>
          ) : (
            <Table label={words.recent} heads={heads}>
              {deliveries.map((delivery) => (
                <DeliveryRow key={delivery.seq} delivery={delivery} />
              ))}
            </Table>
          )
        }
      </Loaded>
    </section>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const { channel, state, subject, tries, createdAt, detail } = delivery;
  return (
    <tr role="row">
      <td role="cell" class="cell-time">
        <Moment time={createdAt} />
      </td>
      <td role="cell">
        <Plain text={channel} />
      </td>
      <td role="cell" class="cell-name">
        <Plain text={subject} />
      </td>
      <td role="cell">{say(words[state])}</td>
      <td role="cell" class="cell-number" data-label={say(words.tries)}>
        {tries}
      </td>
      <td role="cell">{detail !== null && <Plain text={detail} />}</td>
    </tr>
  );
}
