import { agentReference } from "../../packages/agent/src/docs/agent-reference.ts";
import { cliReference } from "../../packages/cli/src/docs/cli-reference.ts";
import { exitCodesReference, settingsReference } from "../../packages/cli/src/docs/tables.ts";
import { errorSections, reasonSections } from "../../packages/cli/src/docs/troubleshooting.ts";
import { rightsTable } from "../../packages/runner/src/docs/rights-table.ts";
import { apiReference, errorStatusTable, roleTable } from "../../packages/server/src/docs/api-reference.ts";
import { metricTable } from "../../packages/server/src/docs/metric-table.ts";
import { fillParts } from "./parts.ts";

interface Page {
  /** From the root of the repository. */
  readonly path: string;
  /** As it is to be, from what it is: generated whole, or a page that people write, with parts in it. */
  readonly content: (present: string) => string | Promise<string>;
}

/** Pages of which all or some parts come from the program's own tables. */
export const pages: readonly Page[] = [
  { path: "docs/cli.md", content: () => cliReference("en") },
  { path: "docs/cli.ja.md", content: () => cliReference("ja") },
  { path: "docs/settings.md", content: () => settingsReference("en") },
  { path: "docs/settings.ja.md", content: () => settingsReference("ja") },
  { path: "docs/exit-codes.md", content: () => exitCodesReference("en") },
  { path: "docs/exit-codes.ja.md", content: () => exitCodesReference("ja") },
  withParts("docs/troubleshooting.md", {
    reasons: () => reasonSections("en"),
    errors: () => errorSections("en"),
  }),
  withParts("docs/troubleshooting.ja.md", {
    reasons: () => reasonSections("ja"),
    errors: () => errorSections("ja"),
  }),
  withParts("docs/agent.md", { commands: agentReference }),
  withParts("docs/api.md", { roles: roleTable, statuses: errorStatusTable, routes: apiReference }),
  withParts("docs/operating.md", { rights: rightsTable, metrics: metricTable }),
];

function withParts(path: string, parts: Readonly<Record<string, () => string | Promise<string>>>): Page {
  return {
    path,
    async content(present) {
      const made = await Promise.all(
        Object.entries(parts).map(async ([name, make]) => ({ name, content: await make() })),
      );
      return fillParts(present, made);
    },
  };
}
