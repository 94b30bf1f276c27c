import { errorCodes, mayDo, permissions, roles } from "@keruta/shared/domain";
import { statusOfError } from "@keruta/shared/api";
import { refusals } from "../schemas/common.ts";
import type { WhoMay } from "../auth/who-may.ts";
import { readApi, type Operation } from "./api-document.ts";
import { cell, propertyRows, typeOf } from "./schema-text.ts";

/** docs/api.md: each route with its role, body, answers and errors, from the schemas that validate. */
export function apiReference(): string {
  const { document, whoMayCall } = readApi();
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
  );
  const byArea = Map.groupBy(routes, ({ path }) => path.split("/")[2] ?? "");
  const areas = [...byArea].flatMap(([area, members]) => [
    `## /api/${area}`,
    ...members.map(({ path, method, operation }) =>
      routeText(method.toUpperCase(), path, operation, whoMayCall(method, path)),
    ),
  ]);
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `### ${name}\n\n${propertyTable(propertyRows(schema))}`,
  );
  return [...areas, "## Schemas", ...schemas].join("\n\n");
}

/** Which role may do what. */
export function roleTable(): string {
  const rows = roles.map((role) => [
    `\`${role}\``,
    ...permissions.map((permission) => (mayDo(role, permission) ? "yes" : "")),
  ]);
  return table(["role", ...permissions.map((permission) => `\`${permission}\``)], rows);
}

/** The HTTP status of each error that has one of its own. */
export function errorStatusTable(): string {
  const rows = errorCodes
    .map((code) => [statusOfError(code), code] as const)
    .filter(([status]) => status !== 500)
    .toSorted(([a], [b]) => a - b);
  const byStatus = Map.groupBy(rows, ([status]) => status);
  return table(
    ["status", "codes"],
    [...byStatus].map(([status, codes]) => [
      String(status),
      codes.map(([, code]) => `\`${code}\``).join(", "),
    ]),
  );
}

function routeText(method: string, path: string, operation: Operation, who: WhoMay | undefined): string {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses).filter(([status]) => !isCommon(status));
  const body = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) => `Body: \`${type}\`, ${schema ? typeOf(schema) : "bytes"}`,
  );
  return [
    `### ${method} ${path}`,
    `${summary}. ${roleText(operation, who)}`,
    ...(description === undefined ? [] : [description]),
    ...(parameters.length === 0
      ? []
      : [
          propertyTable(
            parameters.map(({ name, in: place, required, description: what, schema = {} }) => [
              `\`${name}\` (${place})`,
              typeOf(schema),
              required === true ? "yes" : "",
              cell(what ?? schema.description ?? ""),
            ]),
          ),
        ]),
    ...body,
    answers
      .map(([status, { description: what, content = {} }]) => {
        const types = Object.entries(content).map(
          ([type, { schema }]) =>
            `${type === "application/json" ? "" : `\`${type}\``}${type === "application/json" && schema ? typeOf(schema) : ""}`,
        );
        return `- \`${status}\` ${what}${types.length === 0 ? "" : `: ${types.join(", ")}`}`;
      })
      .join("\n"),
  ].join("\n\n");
}

function isCommon(status: string): boolean {
  return Object.hasOwn(refusals, status);
}

function roleText({ security }: Operation, who: WhoMay | undefined): string {
  if (!who) return security?.length === 0 ? "Open: no token." : "Any valid token or session.";
  const may = roles
    .filter((role) => mayDo(role, who.permission))
    .map((role) => `\`${role}\``)
    .join(", ");
  return `Roles: ${may} (\`${who.permission}\`${bounds[who.bounds]}).`;
}

const bounds: Readonly<Record<WhoMay["bounds"], string>> = {
  namespaces: "",
  unbound: "; not with a token that is bound to namespaces",
  attempt: "; the token's own attempt alone",
  trade: "; with a token that is of no attempt",
};

function propertyTable(rows: readonly (readonly string[])[]): string {
  return table(["name", "type", "required", "meaning"], rows);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
