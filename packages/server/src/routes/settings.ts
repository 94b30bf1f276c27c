import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { checkSettingValue, findSetting, resolveSettingKey } from "@keruta/shared/domain";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow, allowUnbound } from "../auth/allow.ts";
import { answer, body, refusals } from "../schemas/common.ts";
import { audited } from "./audit.ts";
import { json } from "./json.ts";
import { queueSettings } from "./visible.ts";

const setting = z
  .object({
    key: z.string(),
    value: z.string(),
    origin: z.string(),
    default: z.string(),
    type: z.string(),
    description: z.string(),
  })
  .openapi("Setting");

const stored = z.object({
  key: z.string(),
  value: z.string(),
  updatedAt: z.string(),
  updatedBy: z.string(),
});

const listSettings = createRoute({
  method: "get",
  path: "/settings",
  summary: "All settings as the queue has them",
  middleware: allow("read"),
  responses: { 200: answer(z.object({ items: z.array(setting) }), "The settings"), ...refusals },
});

const listStored = createRoute({
  method: "get",
  path: "/settings/stored",
  summary: "The settings that differ from what is built in",
  middleware: allow("read"),
  responses: { 200: answer(z.object({ items: z.array(stored) }), "The settings"), ...refusals },
});

const writeSettings = createRoute({
  method: "patch",
  path: "/settings",
  summary: "Store settings, all or none; null goes back to what is built in",
  middleware: allowUnbound("administer"),
  request: {
    body: body(
      z
        .object({
          values: z.record(
            z.string(),
            z
              .string()
              .max(64 * 1024)
              .nullable(),
          ),
        })
        .strict(),
    ),
  },
  responses: { 204: { description: "They are stored" }, ...refusals },
});

export function settingRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(listSettings, async (c) => {
    const language = c.get("language");
    const items = (await queueSettings(queue)).list().map(({ key, text, origin }) => {
      const definition = findSetting(key);
      return {
        key,
        value: text,
        origin,
        default: definition?.default ?? "",
        type: definition?.type ?? "string",
        description: definition?.description[language] ?? "",
      };
    });
    return c.json({ items }, 200);
  });

  app.openapi(listStored, async (c) => json(c, { items: await queue.readSettings() }, 200));

  app.openapi(writeSettings, async (c) => {
    const values: Record<string, string | null> = {};
    for (const [name, text] of Object.entries(c.req.valid("json").values)) {
      const key = resolveSettingKey(name);
      const definition = findSetting(key);
      if (definition && text !== null) checkSettingValue(definition, text);
      values[key] = text;
    }
    await audited(
      deps,
      c,
      (stores) => stores.queue.writeSettings(values, c.get("principal").name),
      () => ({ action: "setting.write", target: Object.keys(values).join(","), details: { values } }),
    );
    return c.body(null, 204);
  });
  return app;
}
