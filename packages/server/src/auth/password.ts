import { argon2, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** OWASP Password Storage Cheat Sheet (2024): argon2id with 19 MiB, 2 passes, 1 lane. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1 };
const tagBytes = 32;
const saltBytes = 16;

const derive = promisify(argon2);

/** A password's hash in PHC form, salt included. */
export async function hashPassword(password: string, random: (bytes: number) => Uint8Array): Promise<string> {
  const salt = Buffer.from(random(saltBytes));
  const tag = await tagOf(password, salt, parameters);
  const { memory, passes, parallelism } = parameters;
  return `$argon2id$v=19$m=${String(memory)},t=${String(passes)},p=${String(parallelism)}$${encode(salt)}$${encode(tag)}`;
}

export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) throw new Error("a password's hash is in no form of keruta's");
  const expected = Buffer.from(tag, "base64");
  const given = await tagOf(password, Buffer.from(salt, "base64"), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function tagOf(password: string, nonce: Buffer, cost: typeof parameters): Promise<Buffer> {
  const message = Buffer.from(password.normalize("NFKC"));
  return await derive("argon2id", { message, nonce, tagLength: tagBytes, ...cost });
}

/** PHC strings have base64 without padding. */
function encode(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
