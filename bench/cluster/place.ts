import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { makeHome, program } from "../home.ts";
import { measureSuccess, type Measured } from "../measure.ts";

export interface ClusterBench {
  readonly directory: string;
  readonly kubeconfig: string;
  /** Made for this and deleted at the end. */
  readonly namespace: string;
  readonly kubectl: string;
  /** With a shell, seq, sed and stat. */
  readonly image: string;
}

export interface Place extends ClusterBench {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** `keruta submit`, with these words after the image's. */
  readonly submit: (words: readonly string[], onOutput?: (chunk: Buffer) => void) => Promise<Measured>;
  /** The standard output of keruta. */
  readonly keruta: (...words: readonly string[]) => string;
  /** The standard output of kubectl. */
  readonly ask: (...words: readonly string[]) => string;
  readonly askMeasured: (words: readonly string[], onOutput?: (chunk: Buffer) => void) => Promise<Measured>;
}

/** A namespace and a home for what runs in it. */
export async function inPlace<T>(bench: ClusterBench, run: (place: Place) => Promise<T>): Promise<T> {
  const { home, env: own } = makeHome(bench.directory);
  const env = {
    ...own,
    KUBECONFIG: bench.kubeconfig,
    KERUTA_KUBERNETES_DEFAULT_NAMESPACE: bench.namespace,
  };
  const ask = (...words: readonly string[]) =>
    execFileSync(bench.kubectl, ["-n", bench.namespace, ...words], { env, maxBuffer: 1 << 30 }).toString();
  ask("create", "namespace", bench.namespace);
  try {
    return await run({
      ...bench,
      home,
      env,
      ask,
      keruta: (...words) => execFileSync(process.execPath, [program, ...words], { env }).toString(),
      submit: (words, onOutput) => {
        const args = [program, "submit", "-q", "--image", bench.image, ...words];
        return measureSuccess(process.execPath, args, { env, ...(onOutput && { onOutput }) });
      },
      askMeasured: (words, onOutput) => {
        const args = ["-n", bench.namespace, ...words];
        return measureSuccess(bench.kubectl, args, { env, ...(onOutput && { onOutput }) });
      },
    });
  } finally {
    ask("delete", "namespace", bench.namespace, "--wait=false");
    rmSync(home, { recursive: true, force: true });
  }
}
