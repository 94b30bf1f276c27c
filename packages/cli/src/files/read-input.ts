import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { KerutaError } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { fileError } from "./file-error.ts";

/** A file of many tasks is at most this: a slip such as `-f /dev/zero` ends instead of filling the memory. */
const maxInputBytes = 64 * 1024 * 1024;

export interface Input {
  /** As the user named it; `-` is told as `<stdin>`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A whole file, or standard input for `-`. */
export async function readInput(context: Pick<Context, "io" | "directory">, file: string): Promise<Input> {
  const name = file === "-" ? "<stdin>" : file;
  const chunks =
    file === "-" ? context.io.stdin.chunks() : createReadStream(resolve(context.directory, file));
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
      parts.push(chunk);
      length += chunk.length;
      if (length > maxInputBytes) throw tooLarge(name);
    }
  } catch (error) {
    throw fileError(error, "read", name);
  }
  return { name, bytes: Buffer.concat(parts, length) };
}

function tooLarge(name: string): KerutaError {
  return new KerutaError(
    "KRT_TASK_TOO_LARGE",
    { en: `${name} is larger than 64 MiB.`, ja: `${name} は 64 MiB を超えています。` },
    { hint: { en: "Split it into several files.", ja: "複数のファイルに分けてください。" } },
  );
}
