import { apiVersion, type TaskJson } from "@keruta/shared/domain";
import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { toYaml } from "../text/yaml.ts";
import { visible } from "../text/visible.ts";
import { words } from "./page-words.ts";

/** The task as a file would have it. */
export function Definition({ task }: { readonly task: TaskJson }) {
  const [format, setFormat] = useState<"YAML" | "JSON">("YAML");
  const { title, description, priority, labels, spec } = task;
  const file = { apiVersion, kind: "Task", title, description, priority, labels, spec };
  const text = format === "YAML" ? toYaml(file) : JSON.stringify(file, null, 2);
  return (
    <>
      <div class="chips" role="group" aria-label={say(words.format)}>
        {(["YAML", "JSON"] as const).map((one) => (
          <button
            key={one}
            type="button"
            class="chip"
            aria-pressed={format === one}
            onClick={() => {
              setFormat(one);
            }}
          >
            {one}
          </button>
        ))}
      </div>
      <pre class="source" tabIndex={0} aria-label={say(words.definition)}>
        {visible(text, "\n\t")}
      </pre>
    </>
  );
}
