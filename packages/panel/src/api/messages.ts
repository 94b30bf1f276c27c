/** One message of a `text/event-stream`. */
export interface Message {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Reads a stream of server-sent events; comments, which only keep the connection alive, are left out. */
export function createMessageReader(): (chunk: string) => readonly Message[] {
  let rest = "";
  return (chunk) => {
    const parts = (rest + chunk).split(/\r?\n\r?\n/);
    rest = parts.pop() ?? "";
    return parts.flatMap((part) => parse(part) ?? []);
  };
}

function parse(text: string): Message | undefined {
  const data: string[] = [];
  let id: string | undefined;
  let event = "message";
  for (const line of text.split(/\r?\n/)) {
    const [, field = "", value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  }
  return data.length === 0 && event === "message" ? undefined : { id, event, data: data.join("\n") };
}
