import { recordedGate } from "@keruta/shared/domain";
import { podDeadlineSeconds, terminationGraceSeconds } from "./deadlines.ts";
import { gitContainer } from "./git-container.ts";
import { mainContainer } from "./main-container.ts";
import type { PodManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { podSecurity } from "./security.ts";
import { sidecar } from "./sidecar.ts";
import { podVolumeManifests } from "./volumes.ts";

export function podSpec(planning: Planning): PodManifest {
  const { serviceAccount, nodeSelector, tolerations, imagePullSecrets } = planning.own;
  const clone = gitContainer(planning);
  return {
    schedulingGates: [{ name: recordedGate }],
    restartPolicy: "Never",
    activeDeadlineSeconds: podDeadlineSeconds(planning),
    terminationGracePeriodSeconds: terminationGraceSeconds(planning),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
    securityContext: podSecurity(planning),
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations && { tolerations }),
    ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    initContainers: [sidecar(planning), ...(clone ? [clone] : [])],
    containers: [mainContainer(planning)],
    volumes: podVolumeManifests(planning),
  };
}
