import { completeSpec, type CompleteSpec, type Settings, type TaskSpec } from "@keruta/shared/domain";
import { artifactTransport, type ArtifactTransport } from "./artifact-transport.ts";
import { parseTemplate, type JobTemplate } from "./template.ts";

/** What the plan takes from the settings. */
export interface PlanSettings {
  /** Fills in what a task leaves out. */
  readonly complete: (spec: TaskSpec) => CompleteSpec;
  readonly agentImage: string;
  readonly gitImage: string;
  readonly controlLines: boolean;
  readonly spoolBytes: number;
  readonly template: JobTemplate;
  /** Where agents report to; null: to nobody. */
  readonly api: AgentApi | null;
  /** `api` only with such a server. */
  readonly artifactTransport: ArtifactTransport;
}

interface AgentApi {
  /** Of the server, as Pods reach it. */
  readonly url: string;
  /** The Secret whose key `token` agents trade for that of their attempt; null: each attempt has its own. */
  readonly tokenSecret: string | null;
  /** Milliseconds after the command's end for what the server was not told yet. */
  readonly reportWait: number;
}

/** `version` is keruta's own: the agent of another one may not speak its protocol. Throws KRT_SETTING_INVALID. */
export function planSettings(settings: Settings, version: string): PlanSettings {
  const agentImage = settings.get("keruta.agent.image");
  return {
    complete: (spec) => completeSpec(spec, settings),
    agentImage: agentImage === "" ? `localhost/keruta/agent:${version}` : agentImage,
    gitImage: settings.get("keruta.git.image"),
    controlLines: settings.get("keruta.agent.control-lines"),
    spoolBytes: settings.get("keruta.agent.spool-bytes"),
    template: parseTemplate(settings.get("keruta.job.template")),
    api: agentApi(settings),
    artifactTransport: artifactTransport(settings),
  };
}

function agentApi(settings: Settings): AgentApi | null {
  const url = settings.get("keruta.agent.api-url");
  const tokenSecret = settings.get("keruta.agent.token-secret");
  return url === ""
    ? null
    : {
        url,
        tokenSecret: tokenSecret === "" ? null : tokenSecret,
        reportWait: settings.get("keruta.agent.report-wait"),
      };
}
