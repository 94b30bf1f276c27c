/** One message of a `text/event-stream`. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** A message that never ends would be kept for ever. */
const maxMessageCharacters = 8 * 1024 * 1024;

/** Messages of a stream of server-sent events, as the HTML standard reads them. */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const messages = rest.split(/\r?\n\r?\n/);
    rest = messages.pop() ?? "";
    if (rest.length > maxMessageCharacters) throw new Error("a server-sent event has no end");
    for (const message of messages) {
      const event = parse(message);
      if (event) yield event;
    }
  }
}

function parse(message: string): ServerSentEvent | undefined {
  const data: string[] = [];
  let id: string | undefined;
  let event = "message";
  for (const line of message.split(/\r?\n/)) {
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  }
  // A comment, which only keeps the connection alive.
  if (data.length === 0 && event === "message") return undefined;
  return { id, event, data: data.join("\n") };
}
