import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { KerutaError, passwordLength, personRoles, roles, userNamePattern } from "@keruta/shared/domain";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { notFound } from "../requests/answer-error.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allowUnbound } from "../auth/allow.ts";
import { login } from "../auth/login.ts";
import { hashPassword } from "../auth/password.ts";
import { unauthorized } from "../auth/refusals.ts";
import { answer, body, name, refusals } from "../schemas/common.ts";
import { exact } from "../schemas/exact.ts";
import { audited } from "./audit.ts";
import { json } from "./json.ts";

const newPassword = z.string().min(passwordLength.min).max(passwordLength.max);
const personRole = z.enum(personRoles);
const bounds = z.array(name).min(1).max(1000).nullable();
const userName = z.string().regex(userNamePattern);

const user = z
  .object({
    name: z.string(),
    role: z.enum(roles),
    namespaces: z.array(z.string()).nullable(),
    createdAt: z.string(),
    lastLoginAt: z.string().nullable(),
  })
  .openapi("User");

const administer = allowUnbound("administer");
const userParams = z.object({ name: z.string().max(253) });

const listUsers = createRoute({
  method: "get",
  path: "/users",
  summary: "List people",
  middleware: administer,
  responses: { 200: answer(z.object({ items: z.array(user) }), "The people"), ...refusals },
});

const addUser = createRoute({
  method: "post",
  path: "/users",
  summary: "Add a person",
  middleware: administer,
  request: {
    body: body(
      z
        .object({
          name: userName,
          role: personRole,
          namespaces: bounds.default(null),
          password: newPassword,
        })
        .strict(),
    ),
  },
  responses: { 201: { description: "They may log in" }, ...refusals },
});

const changeUser = createRoute({
  method: "patch",
  path: "/users/{name}",
  summary: "Change a person's role, namespaces or password; ends their sessions",
  middleware: administer,
  request: {
    params: userParams,
    body: body(z.object({ role: personRole, namespaces: bounds, password: newPassword }).partial().strict()),
  },
  responses: { 204: { description: "It is so" }, ...refusals },
});

const deleteUser = createRoute({
  method: "delete",
  path: "/users/{name}",
  summary: "Remove a person; ends their sessions",
  middleware: administer,
  request: { params: userParams },
  responses: { 204: { description: "They are gone" }, ...refusals },
});

const ownPassword = createRoute({
  method: "put",
  path: "/users/me/password",
  summary: "Change one's own password; ends all of one's sessions",
  request: {
    body: body(z.object({ current: z.string().min(1).max(1024), new: newPassword }).strict()),
  },
  responses: { 204: { description: "Log in with the new one" }, ...refusals },
});

export function userRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { accounts, random } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(listUsers, async (c) => json(c, { items: await accounts.listUsers() }, 200));

  app.openapi(addUser, async (c) => {
    const { password, ...given } = c.req.valid("json");
    const passwordHash = await hashPassword(password, random);
    const details = { role: given.role, namespaces: given.namespaces };
    const isAdded = await audited(
      deps,
      c,
      (stores) => stores.accounts.addUser({ ...given, passwordHash }),
      (added) => (added ? { action: "user.add", target: given.name, details } : null),
    );
    if (!isAdded) throw nameTaken(given.name);
    return c.body(null, 201);
  });

  app.openapi(changeUser, async (c) => {
    const { name: target } = c.req.valid("param");
    const { password, ...given } = exact(c.req.valid("json"));
    const change = {
      ...given,
      ...(password !== undefined && { passwordHash: await hashPassword(password, random) }),
    };
    const details = { ...given, password: password !== undefined };
    const isThere = await audited(
      deps,
      c,
      (stores) => stores.accounts.updateUser(target, change),
      (updated) => (updated ? { action: "user.update", target, details } : null),
    );
    if (!isThere) throw notFound(`user ${target}`);
    return c.body(null, 204);
  });

  app.openapi(deleteUser, async (c) => {
    const { name: target } = c.req.valid("param");
    const wasThere = await audited(
      deps,
      c,
      (stores) => stores.accounts.deleteUser(target),
      (deleted) => (deleted ? { action: "user.delete", target } : null),
    );
    if (!wasThere) throw notFound(`user ${target}`);
    return c.body(null, 204);
  });

  app.openapi(ownPassword, async (c) => {
    const [, self] = /^user:(.+)$/.exec(c.get("principal").name) ?? [];
    if (self === undefined) throw unauthorized();
    const given = c.req.valid("json");
    await login(deps, { name: self, password: given.current });
    const passwordHash = await hashPassword(given.new, random);
    await audited(
      deps,
      c,
      (stores) => stores.accounts.updateUser(self, { passwordHash }),
      () => ({ action: "user.password", target: self }),
    );
    return c.body(null, 204);
  });
  return app;
}

function nameTaken(taken: string): KerutaError {
  return new KerutaError(
    "KRT_NAME_TAKEN",
    { en: `There is a user "${taken}" already.`, ja: `ユーザー「${taken}」はすでに存在します。` },
    { hint: { en: "Choose another name.", ja: "別の名前にしてください。" }, details: { name: taken } },
  );
}
