import { normalisePath } from "../../domain/path.ts";
import type { Report } from "../complaint.ts";
import { formatPath, isMapping, type Path } from "../path.ts";

/** Where keruta's own volumes are mounted in every container. */
const reservedPaths = ["/keruta", "/keruta-run"];

/** Names and places of volumes among each other, and claims that nobody would create. */
export function checkVolumes(volumes: unknown, path: Path, report: Report): void {
  if (!Array.isArray(volumes)) return;
  const names = new Map<string, string>();
  const places = new Map<string, string>();
  for (const [index, volume] of volumes.entries()) {
    if (!isMapping(volume)) continue;
    const at = [...path, index];
    const { name, mountPath, pvc } = volume;
    if (typeof name === "string") checkTwice(names, name, [...at, "name"], report);
    if (typeof mountPath === "string" && mountPath.startsWith("/")) {
      checkTwice(places, normalisePath(mountPath), [...at, "mountPath"], report);
      checkPlace(normalisePath(mountPath), [...at, "mountPath"], report);
    }
    if (isMapping(pvc) && isNothing(pvc["claim"]) && isNothing(pvc["size"])) {
      const shown = formatPath([...at, "pvc"]);
      report([...at, "pvc"], {
        en: `${shown} needs the claim of an existing volume, or a size to create one`,
        ja: `${shown} には既存の claim か、新しく作るための size が必要です`,
      });
    }
  }
}

function checkTwice(known: Map<string, string>, value: string, path: Path, report: Report): void {
  const shown = formatPath(path);
  const first = known.get(value);
  if (first === undefined) known.set(value, shown);
  else {
    report(path, {
      en: `${shown} is ${JSON.stringify(value)}, which ${first} is already`,
      ja: `${shown} の ${JSON.stringify(value)} は ${first} と重複しています`,
    });
  }
}

function checkPlace(place: string, path: Path, report: Report): void {
  const shown = formatPath(path);
  if (place === "/") {
    report(path, { en: `${shown} must not be the root`, ja: `${shown} にルート（/）は指定できません` });
  } else if (place.includes(":")) {
    report(path, { en: `${shown} must not hold a colon`, ja: `${shown} にコロンは使えません` });
  } else if (reservedPaths.some((reserved) => place === reserved || place.startsWith(`${reserved}/`))) {
    report(path, {
      en: `${shown} is keruta's own; choose another`,
      ja: `${shown} は keruta が使う場所です。別の場所にしてください`,
    });
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
