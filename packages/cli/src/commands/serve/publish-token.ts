import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { managedBy, podLabels } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { findCluster } from "../../driving/connect-cluster.ts";
import { replaceFile } from "../../files/replace-file.ts";
import type { ServeCommandOptions } from "./serve.ts";

/** How the first administrator gets the token: by a Secret or a file that was named, on a terminal, else by a file. */
export function publishToken(options: ServeCommandOptions, url: string): (token: string) => Promise<void> {
  const { context, adminTokenFile, adminTokenSecret } = options;
  if (adminTokenSecret !== undefined) return (token) => toSecret(context, adminTokenSecret, token);
  if (adminTokenFile === undefined && context.io.stderr.isTTY)
    return (token) => toTerminal(context, url, token);
  const file = resolve(context.directory, adminTokenFile ?? join(context.paths.state, "admin-token"));
  return (token) => toFile(context, file, token);
}

async function toTerminal({ io, translate }: Context, url: string, token: string): Promise<void> {
  const text = translate({
    en: `The token of the first administrator, shown this once:\n\n  ${token}\n\nUse it with --api-url ${url} and KERUTA_API_TOKEN or --token-file, or set up the panel with it: open ${url} in a browser.\n`,
    ja: `最初の管理者のトークンです。表示は今回だけです:\n\n  ${token}\n\n--api-url ${url} と、KERUTA_API_TOKEN または --token-file で使うか、ブラウザーで ${url} を開いて管理パネルの初期設定に使ってください。\n`,
  });
  await io.stderr.write(`\n${text}\n`);
}

async function toFile(context: Context, file: string, token: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await replaceFile(
    context,
    file,
    async ({ write }) => {
      await write(`${token}\n`);
      return true;
    },
    0o600,
  );
  await context.notify({
    en: `the first administrator's token is in ${file}`,
    ja: `最初の管理者のトークンを ${file} に書き込みました`,
  });
}

/** `NAME`, where tasks run that name no namespace, or `NAMESPACE/NAME`. */
async function toSecret(context: Context, place: string, token: string): Promise<void> {
  const { cluster } = await findCluster(context);
  try {
    const [name = "", namespace = cluster.namespace] = place.split("/").toReversed();
    await cluster.inNamespace(namespace).apply({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace, labels: { [podLabels.managedBy]: managedBy } },
      type: "Opaque",
      stringData: { token },
    });
    await context.notify({
      en: `the first administrator's token is in the Secret ${namespace}/${name}, key token`,
      ja: `最初の管理者のトークンを Secret ${namespace}/${name}（キー token）に書き込みました`,
    });
  } finally {
    await cluster.close();
  }
}
