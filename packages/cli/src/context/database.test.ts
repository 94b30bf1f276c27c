import { expect, test } from "vitest";
import { databaseOf } from "./database.ts";

const surroundings = {
  env: {},
  globals: {},
  directory: "/work",
  paths: { state: "/state", config: "/config", cache: "/cache" },
};

test.each([
  [undefined, { kind: "sqlite", path: "/state/keruta.db" }],
  ["", { kind: "sqlite", path: "/state/keruta.db" }],
  ["sqlite:a.db", { kind: "sqlite", path: "/work/a.db" }],
  ["sqlite:///a.db", { kind: "sqlite", path: "/a.db" }],
  ["b.db", { kind: "sqlite", path: "/work/b.db" }],
  ["postgres://u:p@h/d", { kind: "postgres", url: "postgres://u:p@h/d" }],
  ["PostgreSQL://u@h/d", { kind: "postgres", url: "PostgreSQL://u@h/d" }],
  ["postgres:///d?host=/run", { kind: "postgres", url: "postgres:///d?host=/run" }],
])("KERUTA_DB=%s", (KERUTA_DB, database) => {
  expect(databaseOf({ ...surroundings, env: { KERUTA_DB } })).toEqual(database);
});

test.each([
  ["postgres://u:secret@h/d", "must not hold a password"],
  ["postgres://h/d?password=secret", "must not hold a password"],
  ["mysql://h/d", 'not in "mysql:"'],
  ["sqlite:", "no path"],
])("--db %s is refused", (db, words) => {
  const open = () => databaseOf({ ...surroundings, globals: { db } });
  expect(open).toThrow(words);
  expect(open).not.toThrow(/secret/);
});
