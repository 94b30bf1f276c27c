import { KerutaError, podPaths } from "@keruta/shared/domain";
import type { ArtifactStream } from "../../artifacts/index.ts";
import type { Exec } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";
import { execInSidecar, type ExecInSidecarDeps } from "./exec-in-sidecar.ts";

const answer = new TextEncoder().encode("ok\n");

/** `keruta-agent collect` over exec in the sidecar. */
export async function openCollect(
  deps: ExecInSidecarDeps,
  pod: Pod,
  args: readonly string[],
  lost: AbortSignal,
): Promise<ArtifactStream> {
  const cut = new AbortController();
  const command = [podPaths.imageAgent, "collect", ...args];
  const signal = AbortSignal.any([lost, cut.signal]);
  const exec = await execInSidecar(deps, pod, { command, stdin: true }, signal);
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
