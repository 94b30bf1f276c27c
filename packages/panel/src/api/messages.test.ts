import { expect, test } from "vitest";
import { createMessageReader } from "./messages.ts";

test("messages come whole, however the stream is cut, and comments not at all", () => {
  const stream = ': hello\n\nid: 7\nevent: Log\ndata: {"a":1}\n\n: alive\n\nevent: End\ndata: x\ndata: y\n\n';
  for (let size = 1; size <= stream.length; size += 1) {
    const read = createMessageReader();
    const messages = [];
    for (let at = 0; at < stream.length; at += size) messages.push(...read(stream.slice(at, at + size)));
    expect(messages).toEqual([
      { id: "7", event: "Log", data: '{"a":1}' },
      { id: undefined, event: "End", data: "x\ny" },
    ]);
  }
});
