import type { Text } from "../text.ts";
import { claimOfKey } from "./concurrency.ts";
import type { BlockReason, PendingDetails } from "./task.ts";

/** One plain sentence of why a task does not run yet. */
export function pendingText(blockedBy: BlockReason, details: PendingDetails): Text {
  switch (blockedBy) {
    case "held":
      return {
        en: "It is held; `keruta task update ID --hold=false` lets it run.",
        ja: "保留中です。`keruta task update ID --hold=false` で実行できるようになります。",
      };
    case "paused":
      return {
        en: "The queue is paused; `keruta queue resume` lets it go on.",
        ja: "キューが一時停止中です。`keruta queue resume` で再開します。",
      };
    case "notBefore":
      return {
        en: `It is not due before ${details.notBefore ?? ""}.`,
        ja: `${details.notBefore ?? ""} より前には実行されません。`,
      };
    case "concurrency": {
      const key = details.concurrencyKey ?? "";
      const limit = String(details.concurrencyLimit ?? 1);
      const holders = (details.heldBy ?? []).join(", ");
      const inUse = claimOfKey(key);
      if (inUse) {
        const where = inUse.namespace === "" ? "" : `${inUse.namespace}/`;
        return {
          en: `Claim ${where}${inUse.claim} has one writer at a time and is in use by ${holders}.`,
          ja: `ボリューム要求 ${where}${inUse.claim} に同時に書き込めるのは 1 件だけで、${holders} が使用中です。`,
        };
      }
      return {
        en: `Concurrency key "${key}" (limit ${limit}) is in use by ${holders}.`,
        ja: `同時実行キー「${key}」（上限 ${limit}）を ${holders} が使用中です。`,
      };
    }
    case "cluster":
      return {
        en: "Its attempt belongs to another cluster; use the context of that cluster.",
        ja: "この試行は別のクラスターのものです。そのクラスターのコンテキストを使ってください。",
      };
    case "noDriver":
      return {
        en: "No worker is alive to run it; `keruta submit` runs the next task now.",
        ja: "実行するワーカーがいません。`keruta submit` で次のタスクを今すぐ実行できます。",
      };
    case "priority": {
      const ahead = details.ahead ?? 0;
      return {
        en:
          ahead === 0 ? "It is next." : `${String(ahead)} task${ahead === 1 ? "" : "s"} will run before it.`,
        ja: ahead === 0 ? "次に実行されます。" : `先に ${String(ahead)} 件のタスクが実行されます。`,
      };
    }
  }
}
