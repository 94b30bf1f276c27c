import { completeSpec, type CompleteSpec, type Settings, type TaskSpec } from "@keruta/shared/domain";
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
  };
}
