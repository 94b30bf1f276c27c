import type { TestProject } from "vitest/node";
import { createPostgres } from "./server.ts";

/** One server for all tests of the postgres project; each file makes a database of its own. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const server = await createPostgres();
  project.provide("postgres", server ? { url: server.url, certificate: server.certificate ?? null } : null);
  if (server) return () => server.dispose();
  console.log("Tests on PostgreSQL are left out: npm installs no server for this system.");
  return undefined;
}
