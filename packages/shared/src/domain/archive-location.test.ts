import { expect, test } from "vitest";
import { parseArchiveLocation } from "./archive-location.ts";

const s3 = { kind: "s3", bucket: "logs", prefix: "", endpoint: undefined, region: undefined };

test.each([
  ["/var/lib/keruta/archive", { kind: "directory", path: "/var/lib/keruta/archive" }],
  ["s3://logs", s3],
  ["s3://logs/", s3],
  ["s3://logs/a/b/", { ...s3, prefix: "a/b" }],
  ["s3://logs/%E3%83%AD%E3%82%B0", { ...s3, prefix: "ログ" }],
  [
    "s3://logs/a?endpoint=http://127.0.0.1:7070&region=eu-1",
    { ...s3, prefix: "a", endpoint: "http://127.0.0.1:7070", region: "eu-1" },
  ],
])("%s is a place", (text, location) => {
  expect(parseArchiveLocation(text)).toEqual(location);
});

test.each([
  "",
  "archive",
  "/a/../b",
  "s3:",
  "s3://",
  "s3://UPPER",
  "s3://logs:80/x",
  "s3://key:secret@logs",
  "s3://logs?endpoint=http://key:secret@host",
  "s3://logs?endpoint=file:///etc",
  "s3://logs?secret=x",
  "s3://logs#x",
  "https://logs/x",
])("%j is none", (text) => {
  expect(parseArchiveLocation(text)).toBeUndefined();
});
