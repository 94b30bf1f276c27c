import { KerutaError } from "@keruta/shared/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSource } from "./source.ts";

const anywhere = { allowLocal: true };

test.each([
  ["https://example.test/a/b.git", "http", "https://example.test/a/b.git"],
  ["HTTPS://Example.test:8443/a", "http", "https://Example.test:8443/a"],
  ["http://[::1]:3000/a", "http", "http://[::1]:3000/a"],
  ["ssh://git@example.test:2222/a.git", "ssh", "ssh://git@example.test:2222/a.git"],
  ["git@example.test:a/b.git", "ssh", "git@example.test:a/b.git"],
  ["work:a/b.git", "ssh", "work:a/b.git"],
  ["file:///srv/a", "local", "file:///srv/a"],
  ["/srv/with space", "local", "/srv/with space"],
])("%s is read as %s", (text, transport, url) => {
  expect(parseSource(text, anywhere)).toMatchObject({ transport, url });
});

test.each([
  "",
  "-u",
  "--upload-pack=touch /tmp/x",
  "ext::sh -c touch% /tmp/x",
  "ext::sh",
  "fd::17",
  "persistent-https::x",
  "git://example.test/a",
  "ftp://example.test/a",
  "git+ssh://example.test/a",
  "https://",
  "https:///a",
  "https://exa mple.test/a",
  "https://example.test\\@evil.test/a",
  "https://-evil/a",
  "https://a$(id)/a",
  "https://example.test'/a",
  "ssh://-oProxyCommand=id/a",
  "ssh://-oProxyCommand=id@example.test/a",
  "ssh://user:secret@example.test/a",
  "-oProxyCommand=id:a",
  "git@-oProxyCommand=id:a",
  "git@example.test:--upload-pack=id",
  "example.test:-x",
  "../relative",
  "relative/path",
  "~/home",
  "file:///srv/a b",
  "https://example.test/a\nb",
  "/srv/a\u0000b",
  `https://example.test/${"a".repeat(3000)}`,
])("%j is refused", (text) => {
  expect(() => parseSource(text, anywhere)).toThrow(expect.objectContaining({ code: "KRT_TASK_INVALID" }));
});

describe("credentials in a URL", () => {
  test("are taken out and percent-decoded", () => {
    expect(parseSource("https://us%40er:p%2Fw@example.test/a", anywhere)).toMatchObject({
      url: "https://example.test/a",
      origin: "https://example.test",
      login: { username: "us@er", password: "p/w" },
    });
  });

  test("are in no message about a URL that is refused", () => {
    for (const url of [
      "ssh://u:hunter22@example.test/a",
      "ftp://u:hunter22@example.test/a",
      "https://u:hunter22@exa mple/a",
    ]) {
      const error = captured(() => parseSource(url, anywhere));
      expect(JSON.stringify([error.text, error.message])).not.toContain("hunter22");
    }
  });

  test("never reach the URL, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.webUrl({ withFragments: false }),
        fc.stringMatching(/^[A-Za-z0-9]{12,20}$/),
        (url, secret) => {
          const withLogin = url.replace("://", `://user:${secret}@`);
          expect(parseSource(withLogin, anywhere).url).not.toContain(secret);
        },
      ),
    );
  });
});

test("two spellings of one URL have one identity", () => {
  const identity = (text: string) => parseSource(text, anywhere).identity;
  expect(identity("https://u:p@EXAMPLE.test:443/a/")).toBe(identity("https://example.test/a"));
  expect(identity("/srv/a/")).toBe(identity("/srv/a"));
  expect(identity("https://example.test/A")).not.toBe(identity("https://example.test/a"));
});

test("a local path is refused where it is not allowed", () => {
  for (const url of ["/srv/a", "file:///srv/a"]) {
    expect(() => parseSource(url, { allowLocal: false })).toThrow(/not allowed/);
  }
});

function captured(run: () => unknown): KerutaError {
  try {
    run();
  } catch (error) {
    if (error instanceof KerutaError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
