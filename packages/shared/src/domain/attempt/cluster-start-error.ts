import { podPaths } from "../agent/pod-protocol.ts";
import type { StartError } from "../agent/protocol.ts";
import type { ClusterTermination } from "./cluster-objects.ts";
import { neverStarted } from "./cluster-pod.ts";

/** The runtime's words are all there is to tell why a process was not started; CRI-O's end like runc's. */
export function startErrorOf(end: ClusterTermination): StartError | null {
  if (!neverStarted(end)) return null;
  const { message = "" } = end;
  if (!/exec: "/.test(message)) return "failed";
  if (/no such file or directory|executable file not found/.test(message)) return "not-found";
  return /permission denied|exec format error|is a directory/.test(message) ? "not-executable" : "failed";
}

/**
 * The sidecar's hook did not put the agent in its place, and yet the container was started: a kubelet or container
 * runtime that is killed while the hook runs forgets it (tried on Kubernetes 1.35 with containerd).
 */
export function isAgentMissing(end: ClusterTermination): boolean {
  return startErrorOf(end) === "not-found" && end.message?.includes(`"${podPaths.agent}"`) === true;
}
