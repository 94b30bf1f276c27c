import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Image } from "../../scripts/images/make-image.ts";
import { serverImage } from "../../scripts/images/server-image.ts";
import { hasProgram } from "../has-program.ts";
import { serve } from "../local/serving.ts";
import { createSandbox } from "../sandbox.ts";

const run = promisify(execFile);
const canBuild = process.platform === "linux" && process.getuid?.() === 0;
const programs = ["buildah", "gcc", "readelf", "chroot"];

describe.skipIf(!canBuild || !programs.every(hasProgram))(
  "the server's image (needs root and buildah)",
  () => {
    let image: Image;
    let scratch: string;
    let root: string;
    beforeAll(async () => {
      image = await serverImage(process.arch === "arm64" ? "arm64" : "x64");
      scratch = await mkdtemp(join(tmpdir(), "keruta-image-"));
      // Out of the archive itself, as a node unpacks it.
      await run("tar", ["-xf", image.archive, "-C", scratch]);
      root = await mkdtemp(join(scratch, "root-"));
      const layers = (await readdir(scratch)).filter((name) => name.endsWith(".tar"));
      for (const layer of layers) await run("tar", ["-xf", join(scratch, layer), "-C", root]);
    }, 120_000);
    afterAll(() => rm(scratch, { recursive: true }));

    test("says what it is", async () => {
      const { config } = await readConfig(scratch);
      expect(config.Labels).toMatchObject({
        "org.opencontainers.image.title": "keruta-server",
        "org.opencontainers.image.version": expect.stringMatching(/^\d+\.\d+\.\d+$/),
        "org.opencontainers.image.licenses": "Apache-2.0",
      });
      expect(config.User).toBe("65532:65532");
    });

    test("holds the licences of all that is in it", async () => {
      const papers = await readdir(join(root, "usr/share/doc"), { recursive: true });
      expect(papers).toEqual(expect.arrayContaining(["keruta/THIRD-PARTY-LICENSES.txt", "node/LICENSE"]));
    });

    test("serves the panel with nothing but its own files", async () => {
      const entry = (await readConfig(scratch)).config.Entrypoint;
      const home = "var/lib/keruta";
      await using user = await createSandbox(["/usr/sbin/chroot", root, "/bin/node", ...entry.slice(1)]);
      const places = { HOME: `/${home}`, XDG_STATE_HOME: `/${home}/state`, XDG_CACHE_HOME: "/tmp" };
      const server = await serve({
        ...user,
        directory: join(root, home),
        start: (args) => user.start(args, { cwd: "/", env: places }),
      });
      const page = await (await fetch(server.url)).text();
      const [, script = ""] = /src="([^"]+\.js)"/.exec(page) ?? [];
      const answer = await fetch(new URL(script, server.url));
      expect([answer.status, (await answer.text()).length > 100_000]).toEqual([200, true]);
      expect((await server.stop()).code).toBe(0);
    });
  },
);

async function readConfig(directory: string) {
  const read = async (name: string) => {
    return JSON.parse(await readFile(join(directory, name), "utf8")) as unknown;
  };
  const [manifest] = (await read("manifest.json")) as { Config: string }[];
  return (await read(manifest?.Config ?? "")) as {
    config: { Labels: Record<string, string>; User: string; Entrypoint: string[] };
  };
}
