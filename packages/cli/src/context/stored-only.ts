import { effectiveSettings, settingTable } from "@keruta/shared/domain";

/**
 * What the environment says of the settings that a server reads of the queue alone, for all that share it: which tasks
 * it admits, and in which namespace those count that name none. Throws KRT_SETTING_INVALID.
 */
export function storedOnly(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const settings = effectiveSettings({ environment: env });
  const found: Record<string, string> = {};
  for (const { key } of settingTable) {
    if (key !== "keruta.kubernetes.default-namespace" && !key.startsWith("keruta.policy.")) continue;
    const { origin, text } = settings.describe(key);
    if (origin !== "environment") continue;
    // A wrong one would be told as the queue's, and by each task that comes.
    settings.get(key);
    found[key] = text;
  }
  return found;
}
