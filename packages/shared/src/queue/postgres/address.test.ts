import { describe, expect, test } from "vitest";
import { parseAddress } from "./address.ts";

const env = { USER: "me" };

test("a URL says all", () => {
  const url =
    "postgres://ke%40ruta:p%2Fw%23@db.example:6543/my%20queue?sslmode=verify-full&sslrootcert=/ca.pem&options=-csearch_path%3Dk&connect_timeout=3";
  const { password, ...address } = parseAddress({ url });
  expect(password()).toBe("p/w#");
  expect(address).toEqual({
    host: "db.example",
    port: 6543,
    user: "ke@ruta",
    database: "my queue",
    tls: { mode: "verify-full", rootCertificate: "/ca.pem", certificate: undefined, key: undefined },
    options: "-csearch_path=k",
    connectSeconds: 3,
    name: "postgres://ke%40ruta@db.example:6543/my%20queue",
  });
});

test("what the URL leaves out comes from the environment, then from psql's own defaults", () => {
  const asked = { ...env, PGHOST: "/run/pg", PGUSER: "you", PGPASSWORD: "secret", PGSSLMODE: "" };
  expect(parseAddress({ url: "postgresql://", env: asked }).password()).toBe("secret");
  expect(parseAddress({ url: "postgresql://", env: asked })).toMatchObject({
    host: "/run/pg",
    user: "you",
    database: "you",
    tls: { mode: "prefer" },
    name: "postgres:///you?host=/run/pg&user=you",
  });
  expect(parseAddress({ url: "postgres:///d", env })).toMatchObject({
    host: "localhost",
    port: 5432,
    user: "me",
    database: "d",
    connectSeconds: 10,
    name: "postgres://me@localhost/d",
  });
  expect(parseAddress({ url: "postgres://me@[::1]:1/d", env })).toMatchObject({
    host: "::1",
    name: "postgres://me@[::1]:1/d",
  });
});

describe("is refused, without its password:", () => {
  test.each([
    ["a password with a slash", "postgres://me:secr/et@host/d", "cannot be read"],
    ["no host at all", "postgres:me:secret", "cannot be read"],
    ["two hosts", "postgres://me:secret@a:1,b:2/d", "cannot be read"],
    ["an unknown parameter", "postgres://me:secret@h/d?channel_binding=require", '"channel_binding"'],
    ["an unknown sslmode", "postgres://me:secret@h/d?sslmode=on", '"on" is not an sslmode'],
    ["half an escape", "postgres://me:secret%@h/d", "hexadecimal"],
    ["a time that is none", "postgres://me:secret@h/d?connect_timeout=soon", '"soon"'],
  ])("%s", (_, url, words) => {
    const refused = expect.objectContaining({ code: "KRT_USAGE", message: expect.stringContaining(words) });
    expect(() => parseAddress({ url, env })).toThrow(refused);
    expect(() => parseAddress({ url, env })).not.toThrow(/secr/);
  });

  test("no user at all", () => {
    expect(() => parseAddress({ url: "postgres://h/d" })).toThrow(/names no user/);
  });
});
