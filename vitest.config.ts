import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { hasProgram } from "./test/has-program.ts";

const conditions = ["keruta-source", "node", "development|production"];

/** Tests on a real cluster, named by this variable, are left out without it. */
const onCluster = Boolean(process.env["KERUTA_TEST_KUBECONFIG"]);

/** Tests that stop components of the cluster disturb all others, and run only where this says so. */
const withFaults = onCluster && Boolean(process.env["KERUTA_TEST_FAULTS"]);
const faultTests = [
  "test/cluster/faults.cluster.test.ts",
  "test/cluster/deployment-faults.cluster.test.ts",
  "packages/runner/src/kubernetes/access/watch/outage.real.test.ts",
];

/** Tests of the panel drive a Chromium that is installed, and are left out without one. */
const chromium = process.env["KERUTA_TEST_CHROMIUM"] ?? "/usr/bin/chromium";
const hasChromium = existsSync(chromium);
if (!hasChromium) {
  const word = `Tests of the panel are left out: there is no ${chromium}; KERUTA_TEST_CHROMIUM names one.`;
  process.stderr.write(`${word}\n`);
}

/** Tests that clone need git, and are left out without it. */
const hasGit = hasProgram("git");
const gitTests = [
  "packages/agent/src/clone/clone.test.ts",
  "packages/agent/src/clone/clone-http.test.ts",
  "packages/agent/src/clone/command.test.ts",
  "test/local/whole-task.process.test.ts",
];
if (!hasGit) process.stderr.write("Tests of cloning are left out: there is no git.\n");

export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    restoreMocks: true,
    // Most of them wait for processes and Pods, also where there are two cores, of which vitest would use one.
    maxWorkers: 2,
    tags: [
      { name: "long", description: "Takes most of a minute or more; `--tagsFilter '!long'` leaves it out." },
    ],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: [
            "**/*.process.test.ts",
            "**/*.cluster.test.ts",
            "**/*.postgres.test.ts",
            "**/*.browser.test.ts",
            ...faultTests,
            ...(hasGit ? [] : gitTests),
          ],
          // Many of them start processes, and machines are shared.
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: ["packages/*/src/**/*.postgres.test.ts"],
          globalSetup: "test/postgres/start-server.ts",
          testTimeout: 30_000,
          // They share one server and judge what it does at one time: alone, one after the other.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      ...(onCluster
        ? [
            {
              extends: true as const,
              test: {
                name: "cluster",
                include: ["test/**/*.cluster.test.ts"],
                exclude: faultTests,
                globalSetup: ["test/build-program.ts", "test/cluster/load-images.ts"],
                testTimeout: 120_000,
                hookTimeout: 60_000,
                maxConcurrency: 8,
              },
            },
          ]
        : []),
      ...(withFaults
        ? [
            {
              extends: true as const,
              test: {
                name: "cluster-faults",
                include: faultTests,
                globalSetup: ["test/build-program.ts", "test/cluster/load-images.ts"],
                fileParallelism: false,
                // Alone, after all others.
                sequence: { groupOrder: 1 },
              },
            },
          ]
        : []),
      ...(hasChromium
        ? [
            {
              extends: true as const,
              test: {
                name: "browser",
                include: ["test/panel/**/*.browser.test.ts"],
                exclude: onCluster ? [] : ["test/panel/cluster.browser.test.ts"],
                globalSetup: ["test/build-program.ts", ...(onCluster ? ["test/cluster/load-images.ts"] : [])],
                testTimeout: 60_000,
                hookTimeout: 60_000,
                // Each has a browser, a server and tasks of its own, and judges how quick they are.
                fileParallelism: false,
                sequence: { groupOrder: 3 },
              },
            },
          ]
        : []),
      {
        extends: true,
        test: {
          name: "process",
          include: ["packages/*/src/**/*.process.test.ts", "test/**/*.process.test.ts"],
          exclude: hasGit ? [] : gitTests,
          globalSetup: ["test/build-program.ts", "test/postgres/start-server.ts"],
          testTimeout: 30_000,
        },
      },
    ],
  },
});
