export type { ArtifactStream } from "./artifact-stream.ts";
export { maxArtifactEntries, usualListBytes, type ArtifactLimits } from "./limits.ts";
export { readOwner, removeUnused } from "./owner.ts";
export { receiveArtifacts, type ReceiveArtifacts, type ReceivedArtifacts } from "./receive-artifacts.ts";
export { startingAt, type MayAskAgain, type OpenArtifacts, type ReceiveProgress } from "./receive-whole.ts";
export { removePartsIn, removePartsOf } from "./remove-parts.ts";
