export type { ArtifactStream } from "./artifact-stream.ts";
export type { ArtifactLimits } from "./limits.ts";
export { openArtifact } from "./open-artifact.ts";
export { receiveArtifacts, type ReceiveArtifacts, type ReceivedArtifacts } from "./receive-artifacts.ts";
export type { ReceiveProgress } from "./receive-whole.ts";
export { sweepPartials, type SweepPartials } from "./sweep-partials.ts";
