import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

interface Shown {
  readonly ok: boolean;
  readonly items: readonly {
    readonly name: string;
    readonly status: string;
    readonly remedy: string | null;
  }[];
}

async function run(
  line: readonly string[],
  env: Readonly<Record<string, string>> = {},
  prepare: (directory: string) => Promise<unknown> = async () => undefined,
) {
  await using surroundings = await testContext(env);
  await prepare(surroundings.directory);
  const code = await runProgram(surroundings.context, ["doctor", ...line]);
  return { code, stdout: surroundings.io.stdout.text(), stderr: surroundings.io.stderr.text() };
}

const withoutCluster = { KERUTA_KUBERNETES_ENABLED: "false" };

describe("keruta doctor on this machine", () => {
  it("finds all well where only the local runner is wanted", async () => {
    const { code, stdout, stderr } = await run(["-o", "json"], withoutCluster);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const shown = JSON.parse(stdout) as Shown;
    expect(shown.ok).toBe(true);
    expect(shown.items.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "node ok",
      "database ok",
      "state-directory ok",
      "kubeconfig ok",
    ]);
  });

  it("fails, with both ways on, where a cluster is wanted and none is found", async () => {
    const { code, stdout, stderr } = await run([]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed {3}kubeconfig: .*\n +-> .*--kubeconfig.*kubernetes\.enabled false/m);
    expect(stderr).toBe("keruta: 1 of 4 checks failed.\n");
  });

  it("speaks Japanese", async () => {
    const { stdout } = await run(["--lang", "ja"], withoutCluster);
    expect(stdout).toContain("正常で、書き込めます");
  });

  it("warns of a state directory that others can enter, and still succeeds", async () => {
    const state = (directory: string) => join(directory, ".local/state/keruta");
    const { code, stdout } = await run([], withoutCluster, async (directory) => {
      await mkdir(state(directory), { recursive: true });
      await chmod(state(directory), 0o755);
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^warning {2}state-directory: .*0755.*\n +-> .*chmod 700/m);
  });

  it("fails on a database that is none, and asks nothing of a cluster then", async () => {
    const { code, stdout } = await run(["--db", "notes.txt", "-o", "json"], {}, async (directory) =>
      writeFile(
        join(directory, "notes.txt"),
        "this is text and no database, long enough to be read\n".repeat(20),
      ),
    );
    expect(code).toBe(1);
    const { items } = JSON.parse(stdout) as Shown;
    expect(items.find(({ name }) => name === "database")).toMatchObject({ status: "failed" });
    expect(items.some(({ name }) => name === "kubeconfig")).toBe(false);
  });
});
