import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { fakeObjects } from "../../driving/api-server.fake.ts";
import { runProgram } from "../../program/program.ts";

/** The cluster after `keruta install`, line by line, in the namespace builds; each line has settings of its own. */
async function install(
  lines: readonly {
    readonly args: readonly string[];
    readonly settings?: Readonly<Record<string, string>>;
  }[],
  {
    forbidden = [],
    others = [],
  }: {
    /** Methods that the last line's user may not use. */
    readonly forbidden?: readonly string[];
    /** Objects that are there before, and somebody else's. */
    readonly others?: readonly string[];
  } = {},
) {
  await using surroundings = await testContext();
  await using cluster = await fakeObjects(surroundings.directory, "builds");
  for (const path of others) cluster.objects.set(path, { metadata: {} });
  let [code, stdout, stderr] = [0, "", ""];
  for (const [at, { args, settings = {} }] of lines.entries()) {
    await using own = await testContext({ ...settings, KUBECONFIG: cluster.kubeconfig });
    if (at === lines.length - 1) for (const method of forbidden) cluster.forbidden.add(method);
    code = await runProgram(own.context, ["install", ...args]);
    [stdout, stderr] = [own.io.stdout.text(), own.io.stderr.text()];
  }
  return { code, stdout, stderr, objects: new Map<string, unknown>(cluster.objects) };
}

const rolesOf = ({ objects }: Awaited<ReturnType<typeof install>>) =>
  [...objects.keys()].filter((path) => path.includes("/roles/") || path.includes("/rolebindings/"));
const both = (name: string) => [`builds/roles/${name}`, `builds/rolebindings/${name}`];
const account = (namespace: string) => ({ kind: "ServiceAccount", name: "keruta", namespace });
const server = ["--server"];

test.each<[readonly string[], Record<string, string>, boolean]>([
  [[], {}, false],
  [["--agent-tokens=true"], {}, true],
  [[], { KERUTA_AGENT_API_URL: "http://x" }, true],
  [[], { KERUTA_AGENT_API_URL: "http://x", KERUTA_AGENT_TOKEN_SECRET: "all" }, false],
  [[], { KERUTA_KUBERNETES_PROCESSOR_NAMESPACE: "elsewhere" }, true],
  [server, {}, true],
  [[...server, "--agent-tokens=false"], {}, false],
])("with %j and %j Secrets may be written: %s", async (args, settings, granted) => {
  const installed = await install([{ args, settings }]);
  expect(rolesOf(installed).includes("builds/roles/keruta-agent-tokens")).toBe(granted);
  const { rules } = installed.objects.get("builds/roles/keruta") as { readonly rules: readonly object[] };
  expect(JSON.stringify(rules)).not.toContain("secrets");
});

test("a second namespace's rights are also those of the server that is elsewhere", async () => {
  const { objects } = await install([
    { args: ["-n", "team-a"], settings: { KERUTA_KUBERNETES_PROCESSOR_NAMESPACE: "builds" } },
  ]);
  for (const role of ["keruta", "keruta-exec", "keruta-agent-tokens"]) {
    expect(objects.get(`team-a/rolebindings/${role}`)).toMatchObject({
      subjects: [account("team-a"), account("builds")],
    });
  }
  expect([...objects.keys()].filter((path) => path.includes("serviceaccounts"))).toEqual([
    "team-a/serviceaccounts/keruta",
  ]);
});

test("without a server elsewhere the rights are of one account", async () => {
  const { objects } = await install([{ args: [] }]);
  expect(objects.get("builds/rolebindings/keruta")).toMatchObject({ subjects: [account("builds")] });
});

test("what is left out goes", async () => {
  const first = { args: ["--server", "--database-secret", "keruta-db"] };
  const { stdout, objects } = await install([
    first,
    { args: ["--server", "--exec=false", "--agent-tokens=false"] },
  ]);
  expect(stdout).toContain("RoleBinding builds/keruta-exec deleted\nRole builds/keruta-exec deleted\n");
  expect(stdout).toContain("Deployment builds/keruta-worker deleted\n");
  const gone = [...both("keruta-exec"), ...both("keruta-agent-tokens"), "builds/deployments/keruta-worker"];
  expect([...objects.keys()].filter((path) => gone.includes(path) || path.endsWith("worker"))).toEqual([]);
});

test("what has such a name and is not keruta's stays", async () => {
  const { stdout, objects } = await install([{ args: ["--exec=false"] }], { others: both("keruta-exec") });
  expect(stdout).not.toContain("keruta-exec");
  expect(objects.has("builds/roles/keruta-exec")).toBe(true);
});

test("an install without a server takes nothing from the one that is there", async () => {
  const first = { args: ["--server", "--database-secret", "keruta-db"] };
  const [before, after] = [await install([first]), await install([first, { args: [] }])];
  expect([...after.objects.keys()]).toEqual([...before.objects.keys()]);
});

test("where deleting is forbidden the line that does it is said", async () => {
  const { code, stderr } = await install([{ args: [] }, { args: ["--exec=false", "-q"] }], {
    forbidden: ["DELETE"],
  });
  expect(code).toBe(0);
  expect(stderr).toContain("`kubectl -n builds delete role keruta-exec --ignore-not-found`");
});
