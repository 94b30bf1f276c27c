import { KerutaError, type Settings } from "@keruta/shared/domain";

export type ArtifactTransport = "exec" | "api";

/** How artifacts leave a Pod. Throws KRT_SETTING_INVALID where they are to be uploaded and there is no server. */
export function artifactTransport(settings: Settings): ArtifactTransport {
  const transport = settings.get("keruta.artifacts.transport");
  if (transport === "exec" || settings.get("keruta.agent.api-url") !== "") return transport;
  throw new KerutaError(
    "KRT_SETTING_INVALID",
    {
      en: "keruta.artifacts.transport is api, and keruta.agent.api-url is empty: Pods have no server to upload artifacts to.",
      ja: "keruta.artifacts.transport が api ですが、keruta.agent.api-url が空です。Pod が成果物をアップロードするサーバーがありません。",
    },
    {
      hint: {
        en: "Store the server's URL as Pods reach it with `keruta settings set agent.api-url URL`, or collect over exec: `keruta settings set artifacts.transport exec`.",
        ja: "Pod から見たサーバーの URL を `keruta settings set agent.api-url URL` で設定するか、`keruta settings set artifacts.transport exec` で exec による収集に戻してください。",
      },
    },
  );
}
