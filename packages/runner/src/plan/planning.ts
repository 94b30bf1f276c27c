import {
  expandSpec,
  expansionsOf,
  KerutaError,
  jobNameOf,
  podPaths,
  podVolumes,
  type CompleteSpec,
  type EnvironmentInput,
  type Task,
  type TaskSpec,
} from "@keruta/shared/domain";
import type { PlanSettings } from "./settings.ts";

export interface PlanInput {
  /** As it is at submission. */
  readonly task: Task;
  readonly attempt: number;
  readonly queueUid: string;
  /** Tells the attempt's Job from others of its name; the same for each driver of the attempt (decision 7). */
  readonly fence: string;
  readonly settings: PlanSettings;
}

/** A task as it will run in this attempt: expanded, and with every default filled in. */
export interface Planning extends PlanInput {
  readonly own: TaskSpec;
  readonly spec: CompleteSpec;
  readonly image: string;
  readonly workspace: string;
  /** False where the image's own process runs without the agent: no masking, no timeout, no exact log. */
  readonly wrapped: boolean;
  readonly environment: EnvironmentInput;
  /** With a server: its URL as Pods reach it, and the Secret whose key `token` the agent gets. */
  readonly api: { readonly url: string; readonly tokenSecret: string } | null;
  /** Where the sidecar uploads the artifacts to; null: a driver collects them, or nobody without an agent. */
  readonly uploadUrl: string | null;
}

const defaultWorkspace = "/workspace";

/** Throws KRT_TASK_INVALID where no image is known or a volume has a name of keruta's own. */
export function prepare(input: PlanInput): Planning {
  const { task, attempt, settings } = input;
  const api = settings.api && {
    url: settings.api.url,
    tokenSecret: settings.api.tokenSecret ?? jobNameOf(task.id, attempt),
  };
  const places = { artifacts: podPaths.artifacts, taskFile: podPaths.taskFile };
  const apiUrl = api ? { apiUrl: api.url } : {};
  const named = { task, attempt, workspace: "", ...places, ...apiUrl };
  const own = expandSpec(task.spec, expansionsOf(named));
  const spec = settings.complete(own);
  const workspace = spec.workspace === "" ? defaultWorkspace : spec.workspace;
  refuseReservedNames(own);
  const wrapped = spec.agent === "image" || (spec.agent === "inject" && hasCommand(spec));
  return {
    ...input,
    own,
    spec,
    workspace,
    wrapped,
    image: imageOf(task, spec),
    uploadUrl: wrapped && settings.artifactTransport === "api" ? (api?.url ?? null) : null,
    environment: { ...named, workspace },
    api,
  };
}

function hasCommand({ command, script }: CompleteSpec): boolean {
  return command.length > 0 || script !== null;
}

function imageOf({ title }: Task, { image }: CompleteSpec): string {
  if (image !== null) return image;
  const name = JSON.stringify(title);
  throw new KerutaError(
    "KRT_TASK_INVALID",
    {
      en: `Task ${name} names no image, and the setting keruta.kubernetes.default-image is empty.`,
      ja: `タスク ${name} にイメージの指定がなく、設定 keruta.kubernetes.default-image も空です。`,
    },
    {
      hint: {
        en: "Name one with --image or spec.image, set a default with `keruta settings set default-image IMAGE`, or run it here with --runner local.",
        ja: "--image か spec.image で指定するか、`keruta settings set default-image IMAGE` で既定のイメージを設定してください。このマシンで実行するなら --runner local を使います。",
      },
    },
  );
}

function refuseReservedNames({ volumes = [] }: TaskSpec): void {
  const reserved: readonly string[] = Object.values(podVolumes);
  const taken = volumes.find(({ name }) => reserved.includes(name));
  if (!taken) return;
  throw new KerutaError(
    "KRT_TASK_INVALID",
    {
      en: `The volume name ${taken.name} is keruta's own.`,
      ja: `ボリューム名 ${taken.name} は keruta 自身が使います。`,
    },
    { hint: { en: "Give the volume another name.", ja: "別の名前を付けてください。" } },
  );
}
