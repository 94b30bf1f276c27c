import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { createHttp } from "./http.ts";

/** A server that answers so, for as long as `use` takes. */
async function withServer(
  answer: (response: ServerResponse) => void,
  use: (http: ReturnType<typeof createHttp>) => Promise<void>,
): Promise<void> {
  const server = createServer((_, response) => answer(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  try {
    await use(createHttp({ url, token: undefined, language: "en", userAgent: "test", fetch }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<{ text: string; error: unknown }> {
  let text = "";
  try {
    for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  } catch (error) {
    return { text, error };
  }
  return { text, error: undefined };
}

test("a body comes as it is sent, to its end", async () => {
  await withServer(
    (response) => {
      response.write("one ");
      response.end("two");
    },
    async (http) => {
      expect(await read(http.chunks({ path: "/x" }))).toEqual({ text: "one two", error: undefined });
    },
  );
});

test.each([
  ["is reset", (response: ServerResponse) => response.socket?.resetAndDestroy()],
  ["is closed", (response: ServerResponse) => response.socket?.destroy()],
])(
  "where the connection %s in the middle, the answer broke off, and may be had later",
  async (_, breakOff) => {
    await withServer(
      (response) => {
        response.write("one ", () => void setTimeout(() => breakOff(response), 20));
      },
      async (http) => {
        const { text, error } = await read(http.chunks({ path: "/x" }));
        expect(text).toBe("one ");
        expect(error).toMatchObject({ code: "KRT_SERVER_UNREACHABLE", details: { transient: true } });
        expect(String(error)).toMatch(/broke off/);
      },
    );
  },
);

test("who stops reading is told no error, and who aborts gets the reason back", async () => {
  const stop = new AbortController();
  await withServer(
    (response) => void response.write("one "),
    async (http) => {
      for await (const chunk of http.chunks({ path: "/x" })) {
        expect(chunk.length).toBe(4);
        break;
      }
      const reading = read(http.chunks({ path: "/x", signal: stop.signal }));
      setTimeout(() => stop.abort("enough"), 20);
      expect((await reading).error).toBe("enough");
    },
  );
});
