export { planClaims, type PlannedClaim } from "./claims.ts";
export { collectDeadlineMilliseconds } from "./deadlines.ts";
export { jobFacts, planJob, type JobFacts } from "./job.ts";
export type { ClaimManifest, JobManifest } from "./manifest.ts";
export type { PlanInput } from "./planning.ts";
export { planSecret } from "./secret.ts";
export { artifactTransport } from "./artifact-transport.ts";
export { planSettings, type PlanSettings } from "./settings.ts";
export { parseTemplate, type JobTemplate } from "./template.ts";
