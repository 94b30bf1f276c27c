import { basename, isAbsolute } from "node:path";
import { run } from "./run.ts";

export interface Libraries {
  /** File of the dynamic loader. */
  readonly loader: string;
  /** Where programs look for it. */
  readonly interpreter: string;
  /** File of each shared library by the name that programs ask for. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * What dynamic programs need; the first names the loader, asked of the compiler and not of `ldd`, which would run the program and so knows
 * nothing of another architecture.
 */
export async function findLibraries(programs: readonly string[], compiler: string): Promise<Libraries> {
  const files = new Map<string, string>();
  const [program = ""] = programs;
  const headers = await run("readelf", ["--program-headers", "--wide", program]);
  const interpreter = /interpreter: (\S*\/[^/\]]+)\]/.exec(headers)?.[1];
  if (interpreter === undefined) throw new Error(`images: ${program} names no loader`);
  const loaderName = basename(interpreter);

  const wanted = [...programs];
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    for (const name of await neededBy(file)) {
      if (files.has(name) || name === loaderName) continue;
      const found = await locate(name, compiler);
      files.set(name, found);
      wanted.push(found);
    }
  }
  return { loader: await locate(loaderName, compiler), interpreter, files };
}

async function neededBy(file: string): Promise<string[]> {
  const dynamic = await run("readelf", ["--dynamic", "--wide", file]);
  return [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].flatMap(([, name]) => name ?? []);
}

async function locate(name: string, compiler: string): Promise<string> {
  const path = (await run(compiler, [`-print-file-name=${name}`])).trim();
  if (isAbsolute(path)) return path;
  throw new Error(`images: ${compiler} knows no ${name}; on Debian: apt-get install libatomic1 libstdc++6`);
}
