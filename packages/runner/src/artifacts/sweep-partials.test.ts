import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTestStore } from "./fixtures/store.fixture.ts";
import { sweepPartials } from "./sweep-partials.ts";

describe("sweeping the store", () => {
  it("removes what crashes left, follows no link, and spares attempts that are still collecting", async () => {
    using store = createTestStore();
    const task = join(store.store, "abcdefghij");
    for (const name of ["1", ".1.0123456789abcdef.part", ".2.0123456789abcdef.part", ".other", ".3.part"]) {
      mkdirSync(join(task, name), { recursive: true });
    }
    symlinkSync(store.root, join(task, ".1.0123456789abcdef.part", "link"));
    writeFileSync(join(store.store, "note"), "");
    const removed = await sweepPartials({
      store: store.store,
      isInUse: (taskId, attempt) => Promise.resolve(taskId === "abcdefghij" && attempt === 2),
    });
    expect(removed).toBe(1);
    expect(store.everything()).toEqual([
      "d store",
      "d store/abcdefghij",
      "d store/abcdefghij/.2.0123456789abcdef.part",
      "d store/abcdefghij/.3.part",
      "d store/abcdefghij/.other",
      "d store/abcdefghij/1",
      "f 644 precious precious",
      "f 644 store/note ",
    ]);
  });

  it("has nothing to do where there is no store yet", async () => {
    using store = createTestStore();
    expect(
      await sweepPartials({ store: join(store.root, "none"), isInUse: () => Promise.resolve(false) }),
    ).toBe(0);
  });
});
