import type { CodeSplittingOptions } from "rolldown";

/**
 * What the command loads together: to start at all, to work on the queue, to drive a task, to reach a cluster or a
 * PostgreSQL server. Left
 * to itself the bundler makes a file for every set of lazy imports that share something; `keruta list` read 35 of
 * them, at 0.3 to 0.6 ms of Node's loader each, and took 1.15 times as long.
 *
 * main.ts and compose/ are in no group: main.ts awaits at its top level, and what it waits for must not have to wait
 * for its file; compose/ finds the agent beside its own file.
 */
export const commandChunks: CodeSplittingOptions = {
  groups: [
    {
      name: "start",
      priority: 6,
      test: /packages\/(cli\/src\/(program|context|command-line|errors|io|first-boot)|shared\/src\/domain)\/|node_modules\/commander\//,
    },
    { name: "yaml", priority: 5, test: /node_modules\/yaml\// },
    {
      name: "queue",
      priority: 4,
      test: /packages\/(shared\/src\/queue\/(?!postgres)|cli\/src\/(commands\/(?!submit|task\/(add|update|schema)|attach|doctor|install|render|worker|serve)|output\/(?!yaml)|progress|tasks|files))|node_modules\/(kysely|better-sqlite3|get-east-asian-width)\//,
    },
    // Nothing of it is read for a queue in a file.
    {
      name: "postgres",
      priority: 3,
      test: /packages\/shared\/src\/queue\/postgres\/|node_modules\/(pg|pg-[a-z-]+|pgpass|postgres-[a-z-]+|split2|xtend)\//,
    },
    // What commands and the server both use of it.
    {
      name: "api",
      priority: 3,
      test: /packages\/(shared\/src\/api|server\/src\/auth\/(index|digest))/,
    },
    // Node has argon2 since 24.7: what needs no password must start without it.
    { name: "password", priority: 3, test: /packages\/server\/src\/auth\/password/ },
    // What the server, a worker and commands on a database do with it. The AWS SDK is read for S3 alone.
    {
      name: "upkeep",
      priority: 3,
      test: /packages\/server\/src\/(archive\/(?!s3-place)|upkeep|retention)/,
    },
    { name: "notify", priority: 3, test: /packages\/server\/src\/notify\// },
    {
      name: "driving",
      priority: 2,
      test: /packages\/(runner\/src\/(?!kubernetes)|server\/src\/worker|cli\/src\/(driving|commands\/(?!serve)|task-flags)|shared\/src\/taskfile)/,
    },
    { name: "cluster", priority: 1, test: /packages\/runner\/src\/kubernetes\/|node_modules\/(undici|ws)\// },
    // Read by `keruta serve` alone. A group takes what its files import along, unless a group above has it: last.
    {
      name: "server",
      priority: 0,
      test: /packages\/(server\/src\/(?!worker)|cli\/src\/commands\/serve)\/|node_modules\/(hono|@hono|zod|pino|prom-client)\//,
    },
  ],
};
