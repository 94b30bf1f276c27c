import { describeBytes, skipWords, type TaskJson } from "@keruta/shared/domain";
import { download } from "../download/download.ts";
import { say } from "../language/language.ts";
import { Icon } from "../ui/icon.tsx";
import { notice } from "../ui/notices.tsx";
import { Plain } from "../ui/plain.tsx";
import type { ArtifactFile } from "./load-task.ts";
import { words } from "./page-words.ts";

interface ArtifactItemProps {
  readonly task: TaskJson;
  readonly file: ArtifactFile;
}

/** A file, and its download where it was collected. */
export function ArtifactItem({ task, file }: ArtifactItemProps) {
  return (
    <li>
      <span class="item-text">
        <Plain text={file.path} />
        <span class="quiet">
          {describeBytes(file.bytes)}
          {file.skipped !== null && ` · ${say(words.notCollected(skipWords[file.skipped]))}`}
        </span>
      </span>
      {file.sha256 !== null && (
        <button
          type="button"
          class="button"
          aria-label={`${say(words.file)}: ${file.path}`}
          onClick={() => {
            const path = `/tasks/${task.id}/artifacts/file`;
            const query = { path: file.path, attempt: task.attempt?.number };
            download(path, query, file.path.split("/").at(-1) ?? "").catch((error: unknown) => {
              notice("problem", error instanceof Error ? error.message : String(error));
            });
          }}
        >
          <Icon name="download" />
        </button>
      )}
    </li>
  );
}
