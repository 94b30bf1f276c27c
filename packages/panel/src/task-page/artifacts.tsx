import type { TaskJson } from "@keruta/shared/domain";
import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { Plain } from "../ui/plain.tsx";
import { ArtifactItem } from "./artifact-item.tsx";
import type { ArtifactFile } from "./load-task.ts";
import { words } from "./page-words.ts";

interface ArtifactsProps {
  readonly task: TaskJson;
  readonly files: readonly ArtifactFile[];
}

/** So many at a time: a list may have 200,000, which no browser shows at once. */
const pageSize = 500;

export function Artifacts({ task, files }: ArtifactsProps) {
  const [most, setMost] = useState(pageSize);
  const summary = task.attempt?.artifacts;
  if (files.length === 0) {
    return (
      <p class="quiet">
        {say(words.noArtifacts)} {summary && summary.message !== "" && <Plain text={summary.message} />}
      </p>
    );
  }
  const left = files.length - most;
  return (
    <>
      <ul class="items">
        {files.slice(0, most).map((file) => (
          <ArtifactItem key={file.path} task={task} file={file} />
        ))}
      </ul>
      {left > 0 && (
        <p>
          <button
            type="button"
            class="button"
            onClick={() => {
              setMost(most + pageSize);
            }}
          >
            {say(words.moreFiles(Math.min(left, pageSize), left))}
          </button>
        </p>
      )}
    </>
  );
}
