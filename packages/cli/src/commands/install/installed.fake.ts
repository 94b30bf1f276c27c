import { testContext } from "../../compose/context.fake.ts";
import { fakeObjects } from "../../driving/api-server.fake.ts";
import { runProgram } from "../../program/program.ts";

/** The cluster after `keruta install`, line by line, in the namespace builds; each line has settings of its own. */
export async function install(
  lines: readonly {
    readonly args: readonly string[];
    readonly settings?: Readonly<Record<string, string>>;
  }[],
  forbidden: readonly string[] = [],
) {
  await using surroundings = await testContext();
  await using cluster = await fakeObjects(surroundings.directory, "builds");
  let [code, stdout, stderr] = [0, "", ""];
  for (const [at, { args, settings = {} }] of lines.entries()) {
    await using own = await testContext({ ...settings, KUBECONFIG: cluster.kubeconfig });
    if (at === lines.length - 1) for (const method of forbidden) cluster.forbidden.add(method);
    code = await runProgram(own.context, ["install", ...args]);
    [stdout, stderr] = [own.io.stdout.text(), own.io.stderr.text()];
  }
  return { code, stdout, stderr, objects: new Map<string, unknown>(cluster.objects) };
}
