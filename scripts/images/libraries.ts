import { isAbsolute } from "node:path";
import { run } from "./run.ts";

export interface Libraries {
  /** File of the dynamic loader. */
  readonly loader: string;
  /** File of each shared library by the name that programs ask for. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * What a dynamic program needs, asked of the compiler and not of `ldd`, which would run the program and so knows
 * nothing of another architecture.
 */
export async function findLibraries(program: string, compiler: string): Promise<Libraries> {
  const files = new Map<string, string>();
  const headers = await run("readelf", ["--program-headers", "--wide", program]);
  const loaderName = /interpreter: \S*\/([^/\]]+)\]/.exec(headers)?.[1];
  if (loaderName === undefined) throw new Error(`images: ${program} names no loader`);

  const wanted = [program];
  for (let file = wanted.pop(); file !== undefined; file = wanted.pop()) {
    for (const name of await neededBy(file)) {
      if (files.has(name) || name === loaderName) continue;
      const found = await locate(name, compiler);
      files.set(name, found);
      wanted.push(found);
    }
  }
  return { loader: await locate(loaderName, compiler), files };
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
