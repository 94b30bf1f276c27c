import Database from "better-sqlite3";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { all, query, run, type Program } from "../sql/program.ts";
import type { Room } from "./room.ts";
import { createSqliteStore } from "./store.ts";

const write = (word: string) => query(() => sql`insert into words values (${word})`);
const words = query(() => sql<{ word: string }>`select word from words`);

function* add(word: string, unless?: string): Program<void> {
  const there = yield* all(words);
  if (there.some((each) => each.word === unless)) throw new Error(`refused beside ${String(unless)}`);
  yield* run(write(word));
}

test.each(["full", "not full"])(
  "a disk that is %s: what the caller of a vital write is told is what was stored",
  async (disk) => {
    const db = new Database(":memory:");
    db.exec("create table words (word text)");
    const nothing = () => undefined;
    const isFull = disk === "full";
    const room: Room = { isShort: () => false, isTooLarge: () => isFull, make: nothing, committed: nothing };
    const store = createSqliteStore({ db, path: ":memory:", room, crashPoint: nothing });
    const outcomes = await Promise.allSettled([
      store.write(() => add("usual")),
      store.write(() => add("vital", "usual"), undefined, "vital"),
      store.write(() => add("other"), undefined, "vital"),
    ]);
    const told = outcomes.map(({ status }) => status === "fulfilled");
    const stored = (await store.read(() => all(words))).map(({ word }) => word);
    expect(told).toEqual(["usual", "vital", "other"].map((word) => stored.includes(word)));
    // Beside a write that is refused itself there is nothing to refuse.
    expect(stored).toEqual(isFull ? ["vital", "other"] : ["usual", "other"]);
    await store.close();
  },
);
