import { KerutaError } from "@keruta/shared/domain";
import type { ArtifactStream } from "../artifacts/index.ts";
import { spawnHelper, type AgentHelper } from "./agent-helper.ts";
import type { LocalRunnerDeps } from "./deps.ts";

/** `keruta-agent collect` as a process of this machine: the same stream that a Pod's exec carries. */
export function openCollect(deps: LocalRunnerDeps, args: readonly string[]): ArtifactStream {
  const helper = spawnHelper(deps, ["collect", ...args]);
  return {
    bytes: wholeOrWords(helper),
    async acknowledge() {
      helper.stdin.end("ok\n");
      await helper.ended;
    },
    async close() {
      helper.stop();
      helper.stdout.destroy();
      await helper.ended;
    },
  };
}

/** A sender that could not begin says why on stderr; a stream that just ends would not tell. */
async function* wholeOrWords(helper: AgentHelper): AsyncGenerator<Uint8Array> {
  for await (const chunk of helper.stdout) yield chunk as Uint8Array;
  const { code, words } = await helper.ended;
  if (code !== 0 && words !== "") throw new KerutaError("KRT_ARTIFACT_STREAM", { en: words, ja: words });
}
