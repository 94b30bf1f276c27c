import { effectiveSettings, environmentNameOf, settingTable } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../../context/context.ts";
import { storedOnly } from "../../context/stored-only.ts";

/** Says where the environment has another value than the queue, which is what the server goes by. */
export async function tellStored(context: Context, queue: Queue): Promise<void> {
  const stored = await queue.readSettings();
  const settings = effectiveSettings({
    database: Object.fromEntries(stored.map(({ key, value }) => [key, value])),
  });
  const wanted = storedOnly(context.env);
  for (const { key } of settingTable) {
    const text = wanted[key];
    const held = settings.describe(key).text;
    if (text === undefined || text === held) continue;
    const name = environmentNameOf(key);
    await context.notify({
      en: `${name} is "${text}", but the queue has "${held}", which is what the server goes by: \`keruta settings set ${key} ${text}\` changes it`,
      ja: `${name} は「${text}」ですが、サーバーが従うのはキューに保存された「${held}」です。変更するには \`keruta settings set ${key} ${text}\` を実行してください`,
    });
  }
}
