import { apiVersion, toLogRecord } from "@keruta/shared/domain";
import type { LogOutput, LogPrinter } from "./printer.ts";

const batchCharacters = 64 * 1024;

/** `jsonl`: a record a line. `json`: one LogList, written as it comes so that its size does not matter. */
export function createJsonPrinter(output: LogOutput, format: "json" | "jsonl"): LogPrinter {
  const isList = format === "json";
  let batch = isList ? `{"apiVersion":"${apiVersion}","kind":"LogList","items":[` : "";
  let first = true;
  const flush = async () => {
    const text = batch;
    batch = "";
    if (text !== "") await output.write(text);
  };
  return {
    async print(taskId, attempt, entry) {
      const record = JSON.stringify(
        toLogRecord(
          { taskId, attempt: attempt.number, jobName: attempt.jobName, podName: attempt.podName },
          entry,
        ),
      );
      batch += isList ? `${first ? "\n" : ",\n"}${record}` : `${record}\n`;
      first = false;
      if (batch.length >= batchCharacters) await flush();
    },
    flush,
    async end() {
      if (isList) batch += "\n]}\n";
      await flush();
    },
  };
}
