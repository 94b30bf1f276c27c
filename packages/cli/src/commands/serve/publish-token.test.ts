import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { fakeObjects } from "../../driving/api-server.fake.ts";
import { publishToken } from "./publish-token.ts";

test.each([
  ["keruta/keruta-admin-token", "keruta/secrets/keruta-admin-token"],
  ["mine", "builds/secrets/mine"],
])("the token for the Secret %s goes to %s, wherever tasks run", async (adminTokenSecret, path) => {
  const env: Record<string, string> = { KERUTA_KUBERNETES_DEFAULT_NAMESPACE: "builds" };
  await using surroundings = await testContext(env);
  const { context, io, directory } = surroundings;
  await using cluster = await fakeObjects(directory, "keruta");
  env["KUBECONFIG"] = cluster.kubeconfig;
  const publish = publishToken(
    {
      context,
      host: "",
      port: 0,
      tls: null,
      tlsInFront: true,
      adminTokenFile: undefined,
      adminTokenSecret,
      grace: 0,
      worker: null,
    },
    "http://keruta.example",
  );
  await publish("krt_secret");
  expect([...cluster.objects.keys()]).toEqual([path]);
  expect(cluster.objects.get(path)).toMatchObject({ stringData: { token: "krt_secret" } });
  expect(io.stderr.text()).toContain(`Secret ${path.replace("/secrets", "")}, key token`);
});
