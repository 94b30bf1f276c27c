import { archiveType, createHttp, framesType, type Http, type UploadStart } from "@keruta/shared/api/agent";
import { isKerutaError, type AgentReport, type ArtifactSummary } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";

export interface ToldProgress {
  readonly percent: number | null;
  readonly message: string;
  /** Of its log entry. */
  readonly sequence: number;
}

/** The server's routes for one attempt. */
export interface AttemptApi {
  /** Finds out up to where the log is stored; trades a token that is not the attempt's for the one that is. */
  connect(signal: AbortSignal): Promise<number>;
  start(startedAt: number, signal: AbortSignal): Promise<void>;
  progress(progress: ToldProgress, signal: AbortSignal): Promise<void>;
  /** Up to where the log is stored now. */
  log(frames: Uint8Array, signal: AbortSignal): Promise<number>;
  result(report: AgentReport, signal: AbortSignal): Promise<void>;
  heartbeat(signal: AbortSignal): Promise<void>;
  /** The task as the server has it. */
  task(signal: AbortSignal): Promise<unknown>;
  /** Ends a stream that the server still waits for, and trades the token as `connect` does. */
  beginUpload(signal: AbortSignal): Promise<UploadStart>;
  /** Resolves when the artifacts are stored, or refused, as the summary says. */
  upload(
    place: Pick<UploadStart, "from" | "offset">,
    archive: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<ArtifactSummary>;
}

export interface AttemptApiOptions {
  readonly url: string;
  readonly token: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly host: Pick<Host, "fetch">;
  /** Told of the attempt's own token where that was got for another one. */
  readonly onTraded?: (token: string) => Promise<void>;
}

export function createAttemptApi(options: AttemptApiOptions): AttemptApi {
  const { url, token, taskId, attempt, host, onTraded } = options;
  const withToken = (own: string): Http =>
    createHttp({ url, token: own, language: "en", userAgent: "keruta-agent", fetch: host.fetch });
  const path = (rest: string) => `/tasks/${encodeURIComponent(taskId)}/attempts/${String(attempt)}/${rest}`;
  let http = withToken(token);

  const post = (rest: string, json: object, signal: AbortSignal): Promise<void> =>
    http.send({ method: "POST", path: path(rest), json, signal });
  const position = async (signal: AbortSignal) =>
    (await http.json<{ sequence: number }>({ path: path("log"), signal })).sequence;
  const traded = async <T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!isKerutaError(error, "KRT_SERVER_FORBIDDEN") || error.details?.["attempt"] !== null) throw error;
    }
    const trade = { method: "POST", path: path("token"), signal } as const;
    const own = (await withToken(token).json<{ token: string }>(trade)).token;
    http = withToken(own);
    await onTraded?.(own);
    return ask();
  };

  return {
    connect: (signal) => traded(() => position(signal), signal),
    task: (signal) => traded(() => http.json({ path: path("task"), signal }), signal),
    start: (startedAt, signal) => post("start", { startedAt: new Date(startedAt).toISOString() }, signal),
    progress: (progress, signal) => post("progress", progress, signal),
    log: async (bytes, signal) => {
      const headers = { "content-type": framesType };
      const request = { method: "POST", path: path("log"), bytes, headers, signal } as const;
      return (await http.json<{ sequence: number }>(request)).sequence;
    },
    result: (report, signal) => post("result", report, signal),
    heartbeat: (signal) => post("heartbeat", {}, signal),
    beginUpload: (signal) =>
      traded(() => http.json({ method: "POST", path: path("artifacts"), json: {}, signal }), signal),
    upload: ({ from, offset }, archive, signal) =>
      http.json({
        method: "PUT",
        path: path("artifacts"),
        query: { from, offset },
        headers: { "content-type": archiveType },
        stream: archive,
        signal,
        isLong: true,
      }),
  };
}
