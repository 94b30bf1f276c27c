import { KerutaError } from "@keruta/shared/domain";
import type { Cluster, ExecOptions } from "./cluster.ts";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface ExecToEndOptions extends ExecOptions {
  /** More output than this is refused. */
  readonly maxBytes: number;
}

/** Runs a short command in a container and gives its whole output. Errors as of `Cluster.exec`. */
export async function execToEnd(
  cluster: Pick<Cluster, "exec">,
  options: ExecToEndOptions,
  signal?: AbortSignal,
): Promise<ExecResult> {
  const exec = await cluster.exec(options, signal);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of exec.stdout) {
    bytes += chunk.length;
    if (bytes > options.maxBytes) throw tooMuch(options);
    chunks.push(chunk);
  }
  return { exitCode: await exec.exitCode, stdout: Buffer.concat(chunks), stderr: exec.stderr() };
}

function tooMuch({ command, pod, maxBytes }: ExecToEndOptions): KerutaError {
  const line = command.slice(0, 2).join(" ");
  return new KerutaError(
    "KRT_CLUSTER_REFUSED",
    {
      en: `"${line}" in Pod ${pod} printed more than ${String(maxBytes)} bytes.`,
      ja: `Pod ${pod} 内の「${line}」の出力が ${String(maxBytes)} バイトを超えました。`,
    },
    {
      hint: {
        en: "Check that the Pod's sidecar runs the agent image of this version of keruta (setting keruta.agent.image).",
        ja: "Pod のサイドカーがこのバージョンの keruta のエージェントイメージ（設定 keruta.agent.image）で動いているか確認してください。",
      },
    },
  );
}
