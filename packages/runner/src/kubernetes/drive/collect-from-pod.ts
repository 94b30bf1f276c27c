import { KerutaError, podContainers, podPaths } from "@keruta/shared/domain";
import type { ArtifactStream } from "../../artifacts/index.ts";
import type { Exec } from "../../cluster/cluster.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

const answer = new TextEncoder().encode("ok\n");

/** `keruta-agent collect` over exec in the sidecar. */
export async function openCollect(
  { cluster }: ClusterRunnerDeps,
  pod: string,
  args: readonly string[],
  lost: AbortSignal,
): Promise<ArtifactStream> {
  const cut = new AbortController();
  const command = [podPaths.imageAgent, "collect", ...args];
  const exec = await cluster.exec(
    { pod, container: podContainers.sidecar, command, stdin: true },
    AbortSignal.any([lost, cut.signal]),
  );
  // What it rejects with shows in the stream as well.
  exec.exitCode.catch(() => undefined);
  return {
    bytes: wholeOrWords(exec),
    acknowledge: () => exec.stdin.write(answer),
    close: () => {
      cut.abort();
      return Promise.resolve();
    },
  };
}

/** A sender that could not begin says why on stderr; a stream that just ends would not tell. */
async function* wholeOrWords(exec: Exec): AsyncGenerator<Uint8Array> {
  yield* exec.stdout;
  const code = await exec.exitCode;
  const words = exec.stderr().trim();
  if (code !== 0 && words !== "") throw new KerutaError("KRT_ARTIFACT_STREAM", { en: words, ja: words });
}
