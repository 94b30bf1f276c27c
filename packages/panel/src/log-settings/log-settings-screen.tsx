import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { api, isBound, may } from "../session/session.ts";
import { SettingsForm, type SettingSection } from "../settings/settings-form.tsx";
import { Heading } from "../ui/heading.tsx";
import { Deliveries, type Delivery } from "./deliveries.tsx";
import { words } from "./log-settings-words.ts";
import { NotifyTest } from "./notify-test.tsx";

const retention = ["keruta.logs.retention", "keruta.artifacts.retention", "keruta.tasks.retention"];

const sections: readonly SettingSection[] = [
  { title: words.retention, holds: (key) => retention.includes(key) },
  { title: words.archive, holds: (key) => /^keruta\.logs\.(archive|rotate)\./.test(key) },
  {
    title: words.levels,
    holds: (key) => key === "keruta.logs.debug" || key.startsWith("keruta.logs.level-words."),
    isRare: true,
  },
  {
    title: words.notify,
    holds: (key) => key.startsWith("keruta.notify.") && !key.startsWith("keruta.notify.email."),
  },
  { title: words.email, holds: (key) => key.startsWith("keruta.notify.email.") },
];

export function LogSettingsScreen() {
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)} />
      <SettingsForm name={say(words.title)} sections={sections} />
      {!isBound() && <Notifications />}
    </>
  );
}

function Notifications() {
  const live = useLive("deliveries", async (signal) => {
    const call = { path: "/notifications", query: { limit: 20 }, signal };
    return (await api.json<{ readonly items: readonly Delivery[] }>(call)).items;
  });
  return (
    <>
      {may("administer") && <NotifyTest onSent={live.reload} />}
      <Deliveries live={live} />
    </>
  );
}
