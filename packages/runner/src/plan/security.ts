import { podPaths } from "@keruta/shared/domain";
import type { ContainerSecurity, PodSecurity } from "./manifest.ts";
import type { Planning } from "./planning.ts";

/** The user that is nobody's, as distroless images and `restricted` clusters use it. */
const nobody = 65_532;

interface Users {
  readonly user: number | null;
  readonly group: number | null;
  readonly fsGroup: number | null;
}

/** For every container of the Pod, so that all of them can read what one of them writes. */
export function podSecurity(planning: Planning): PodSecurity {
  const { user, group, fsGroup } = usersOf(planning);
  return {
    ...(user !== null && { runAsUser: user }),
    ...(group !== null && { runAsGroup: group }),
    ...(isRestricted(planning) && { runAsNonRoot: true as const }),
    // Changing the owner of each file of a large volume again and again would take minutes.
    ...(fsGroup !== null && { fsGroup, fsGroupChangePolicy: "OnRootMismatch" as const }),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

export function mainSecurity(planning: Planning): ContainerSecurity {
  return {
    allowPrivilegeEscalation: false,
    ...(isRestricted(planning) && { capabilities: { drop: ["ALL"] } }),
  };
}

/**
 * The sidecar reads what the command wrote, as whatever user that was: as root and past the files' modes, unless
 * all containers are one user anyway.
 */
export function sidecarSecurity(planning: Planning): ContainerSecurity {
  if (!mayBeRoot(planning)) return ownSecurity([]);
  return { ...ownSecurity(["DAC_OVERRIDE"]), runAsUser: 0 };
}

/** In a kept volume the clone changes files that commands of other users left. */
export function cloneSecurity(planning: Planning): ContainerSecurity {
  return ownSecurity(mayBeRoot(planning) ? ["CHOWN", "DAC_OVERRIDE", "FOWNER"] : []);
}

/** Of the containers whose images are keruta's choice. */
function ownSecurity(add: readonly string[]): ContainerSecurity {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"], ...(add.length > 0 && { add }) },
  };
}

/** A line of /etc/passwd for the user that the clone runs as, or null where its image knows the user. */
export function passwdLine(planning: Planning): string | null {
  const { user, group } = usersOf(planning);
  if (planning.spec.repository === null || user === null || user === 0) return null;
  return `keruta:x:${String(user)}:${String(group ?? 0)}:keruta:${podPaths.temporary}:/sbin/nologin\n`;
}

function usersOf(planning: Planning): Users {
  const { runAsUser, runAsGroup, fsGroup } = planning.own;
  const otherwise = isRestricted(planning) ? nobody : null;
  return {
    user: runAsUser ?? otherwise,
    group: runAsGroup ?? otherwise,
    // The clone's files and its Secret are shared by group, whatever users the two images have.
    fsGroup: fsGroup ?? (planning.spec.repository === null ? otherwise : nobody),
  };
}

/** True where no user is given, or root is. */
function mayBeRoot(planning: Planning): boolean {
  const { user } = usersOf(planning);
  return user === null || user === 0;
}

function isRestricted({ own }: Planning): boolean {
  return own.securityProfile === "restricted";
}
