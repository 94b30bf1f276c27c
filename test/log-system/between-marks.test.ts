import { expect, test } from "vitest";
import { createJournal } from "../../packages/agent/src/output/journal.ts";
import { createResumingTracker } from "../../packages/runner/src/follow/resuming-tracker.ts";
import { decodeLine, type Control, type StreamName } from "../../packages/shared/src/domain/index.ts";

type Journal = ReturnType<typeof createJournal>;

const output = (stream: StreamName, bytes: Buffer) => (journal: Journal) => {
  journal.output({ kind: "output", stream, bytes, newline: true }, 1);
};
const control = (message: string) => (journal: Journal) => {
  const progress: Control = { type: "progress", percent: 1, message };
  journal.control(progress);
};

test.each([
  ["empty lines", output("stdout", Buffer.alloc(0)), 100_000],
  ["lines of stderr", output("stderr", Buffer.from("words")), 100_000],
  ["the longest lines", output("stdout", Buffer.alloc(7900, "x")), 1000],
  ["controls", control(""), 100_000],
  ["long controls", control("日本語 ".repeat(500)), 3000],
])(
  "an agent's marks come before a follower gives up, also where it has no time for them: %s",
  (_, write, count) => {
    const wire: Uint8Array[] = [];
    const outlet = { write: (bytes: Uint8Array) => void wire.push(bytes), hasRoom: false };
    const spool = { add: () => undefined, commit: () => undefined, outlet };
    const journal = createJournal({ wire: outlet, spool, clock: () => 1 } as unknown as Parameters<
      typeof createJournal
    >[0]);
    for (let n = 0; n < count; n += 1) {
      write(journal);
      if (n % 100 === 0) journal.mark(false);
    }
    journal.mark(true);
    const tracker = createResumingTracker({ sequence: 0, stdoutBytes: 0, stderrBytes: 0 });
    const kinds = new Map<string, number>();
    const bytes = Buffer.concat(wire);
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf("\n", at);
      const { kind } = tracker.take(decodeLine(bytes.subarray(at, end)), 1);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      at = end + 1;
    }
    expect([...kinds.keys()].sort()).toEqual(["certain", "confirmed", "entry"]);
    expect(kinds.get("certain")).toBe(1);
    expect(kinds.get("entry")).toBe(count);
    expect(kinds.get("confirmed")).toBeGreaterThan(5);
  },
);
