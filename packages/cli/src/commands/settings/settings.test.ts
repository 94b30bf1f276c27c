import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

describe("settings", () => {
  it("are stored, told with their origin, and removed", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    expect(await runProgram(context, ["settings", "set", "default-image", "example/a:1"])).toBe(0);
    await runProgram(context, ["settings", "get", "default-image", "-o", "json"]);
    expect(JSON.parse(io.stdout.text())).toMatchObject({
      kind: "Setting",
      key: "keruta.kubernetes.default-image",
      value: "example/a:1",
      origin: "database",
    });
    expect(await runProgram(context, ["settings", "unset", "default-image"])).toBe(0);
    await runProgram(context, ["settings", "list"]);
    expect(io.stdout.text()).toMatch(/keruta\.kubernetes\.default-image +default/);
  });

  it("are changed all or not at all", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    expect(
      await runProgram(context, ["settings", "set", "default-image=a", "kubernetes.enabled=perhaps"]),
    ).toBe(1);
    expect(io.stderr.text()).toContain("KRT_SETTING_INVALID");
    await runProgram(context, ["settings", "get", "default-image"]);
    expect(io.stdout.text()).not.toContain("a\n");
    expect(await runProgram(context, ["settings", "set", "no-such", "1"])).toBe(1);
    expect(await runProgram(context, ["settings", "set", "default-image"])).toBe(2);
  });

  it("let a flag and the environment go before the database, and say so", async () => {
    await using surroundings = await testContext({ KERUTA_KUBERNETES_DEFAULT_NAMESPACE: "env" });
    const { context, io } = surroundings;
    await runProgram(context, ["settings", "set", "default-namespace", "stored"]);
    expect(io.stderr.text()).toContain("KERUTA_KUBERNETES_DEFAULT_NAMESPACE is set here");
    await runProgram(context, ["settings", "get", "default-namespace"]);
    await runProgram(context, ["settings", "get", "default-namespace", "-n", "flag"]);
    expect(io.stdout.text()).toBe("env\nflag\n");
  });

  it("are imported from a properties file, all or none", async () => {
    await using surroundings = await testContext();
    const { context, io, directory } = surroundings;
    await writeFile(join(directory, "good.properties"), "other.key=1\nkeruta.kubernetes.default-image = b\n");
    await writeFile(join(directory, "bad.properties"), "keruta.kubernetes.default-image=c\nkeruta.nope=1\n");
    expect(await runProgram(context, ["settings", "import", "good.properties"])).toBe(0);
    expect(await runProgram(context, ["settings", "import", "bad.properties"])).toBe(1);
    expect(io.stderr.text()).toContain("bad.properties:2:");
    await runProgram(context, ["settings", "get", "default-image"]);
    expect(io.stdout.text()).toBe("b\n");
  });
});

describe("queue, db, explain", () => {
  it("pauses, resumes and counts", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    await runProgram(context, ["queue", "pause", "-q"]);
    await runProgram(context, ["queue", "status", "-o", "json"]);
    expect(JSON.parse(io.stdout.text())).toMatchObject({
      kind: "QueueStatus",
      paused: true,
      counts: { PENDING: 0 },
    });
    expect(await runProgram(context, ["queue", "resume"])).toBe(0);
  });

  it("backs up, checks and restores", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    await runProgram(context, ["add", "--", "make"]);
    expect(await runProgram(context, ["db", "backup", "copy.db"])).toBe(0);
    await runProgram(context, ["cancel", "@last"]);
    expect(await runProgram(context, ["db", "check"])).toBe(0);
    expect(await runProgram(context, ["db", "restore", "copy.db"])).toBe(0);
    await runProgram(context, ["list"]);
    expect(io.stdout.text()).toMatch(/ PENDING .*make\n$/);
    await writeFile(join(surroundings.directory, "junk.db"), "junk");
    expect(await runProgram(context, ["db", "restore", "junk.db"])).toBe(1);
    expect(io.stderr.text()).toContain("KRT_DB_NOT_A_DATABASE");
  });

  it.each([
    ["oomkilled", /^OOMKilled \(command; not retryable\)\n/],
    ["KRT_DB_BUSY", /^KRT_DB_BUSY\n.*locked.*\nTry again;/],
    ["125", /^125\n.*keruta/],
    ["139", /signal 11/],
    ["42", /own exit code/],
  ])("explains %s", async (word, answer) => {
    await using surroundings = await testContext();
    expect(await runProgram(surroundings.context, ["explain", word])).toBe(0);
    expect(surroundings.io.stdout.text()).toMatch(answer);
    expect(await runProgram(surroundings.context, ["explain", "256"])).toBe(2);
  });
});
