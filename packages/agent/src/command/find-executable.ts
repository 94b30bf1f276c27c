import { access, constants, stat } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import { isForeignBinary } from "./binary-format.ts";
import { startFailure, type StartFailure } from "./start-failure.ts";

/** Where `execvp` looks when there is no PATH. */
const defaultPath = "/bin:/usr/bin";

export interface FindExecutableOptions {
  readonly name: string;
  /** The command's PATH. */
  readonly path: string | undefined;
  readonly directory: string;
  readonly platform: string;
  readonly arch: string;
}

/**
 * The file that a command's name stands for, looked up as `execvp` does. We look ourselves because it would hand
 * a file without `#!` to a shell, and would not tell a missing command from a missing directory.
 */
export async function findExecutable(
  options: FindExecutableOptions,
): Promise<{ file: string } | StartFailure> {
  const { name, path = defaultPath, directory } = options;
  if (name === "") return startFailure("not-found", "The command's name is empty.");
  const places = name.includes("/") ? [""] : path.split(delimiter);
  let refused: StartFailure | undefined;
  for (const place of places) {
    const file = resolve(directory, place === "" ? name : join(place, name));
    const why = await whyNotExecutable(file, options);
    if (why === undefined) return { file };
    if (why !== "ENOENT") {
      refused ??= startFailure(
        "not-executable",
        `The command ${quoted(name)} cannot be executed: ${file}: ${why}.`,
      );
    }
  }
  if (refused) return refused;
  const where = name.includes("/") ? `in ${directory}` : `in PATH (${path})`;
  return startFailure("not-found", `The command ${quoted(name)} was not found ${where}.`);
}

async function whyNotExecutable(file: string, options: FindExecutableOptions): Promise<string | undefined> {
  try {
    const stats = await stat(file);
    if (stats.isDirectory()) return "it is a directory (EACCES)";
    if (!stats.isFile()) return "it is not a regular file (EACCES)";
    await access(file, constants.X_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return "ENOENT";
    if (code === "EACCES") return "permission denied (EACCES)";
    if (code === "ELOOP") return "too many levels of symbolic links (ELOOP)";
    throw error;
  }
  return (await isForeignBinary(file, options)) ? "exec format error (ENOEXEC)" : undefined;
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}
