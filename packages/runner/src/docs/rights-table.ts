import {
  claimRights,
  driverRights,
  execRights,
  namespaceRights,
  resourceName,
  secretRights,
  type Right,
} from "../cluster/rights.ts";

const groups: readonly (readonly [role: string, rights: readonly Right[]])[] = [
  ["`keruta`", driverRights],
  ["`keruta-exec`", execRights],
  ["`keruta`", claimRights],
  ["`keruta-agent-tokens`", secretRights],
  ["`keruta`, of its own namespace", namespaceRights],
];

/** What each verb is for; the table fails where one is granted without, or explained without being granted. */
const uses: Readonly<Record<string, string>> = {
  "create jobs": "one Job per attempt; `submit --dry-run=server`",
  "get jobs": "whether an attempt's Job is there before it is created, adopted or called lost",
  "list jobs": "the beginning of a watch, and again after each interruption",
  "watch jobs": "the Job's conditions",
  "patch jobs": "its TTL after the result is stored; ending a Job whose command has not started",
  "get pods": "the Pod while it uploads artifacts; whether the one that the queue has is really gone",
  "list pods": "the beginning of a watch; Pods of a Job that is gone",
  "watch pods": "phase and container statuses: what an attempt's end is read from",
  "patch pods": "removing the scheduling gate of the one Pod that may run the command",
  "delete pods": "a cancel that the agent does not answer; a Pod whose sidecar does not end",
  "get pods/log": "the task's output",
  "list events": "the beginning of a watch",
  "watch events": "the scheduler's and the kubelet's own words: fail-fast reasons, `keruta why`",
  "get pods/exec": "a WebSocket is a GET: artifacts, the rest of a rotated log, a stop in peace",
  "create pods/exec": "the same since Kubernetes 1.35",
  "create persistentvolumeclaims": "a volume with a `size`",
  "get persistentvolumeclaims": "whether it is there already, and whose it is",
  "list persistentvolumeclaims": "claims of the task when it has ended",
  "delete persistentvolumeclaims": "claims that are the task's own and not to be retained",
  "create secrets": "the token of an attempt's agent, under the Job's name",
  "patch secrets": "the same again after a takeover; its owner, so that it goes with the Job",
  "delete secrets": "where no Job came of it",
  "get namespaces": "the namespace's uid tells clusters apart; its Pod Security level, for `doctor`",
};

/** Of docs/operating.md: what `keruta install` grants, a row for each verb. */
export function rightsTable(): string {
  const rows = groups.flatMap(([role, rights]) =>
    rights.flatMap((right) =>
      right.verbs.map((verb) => {
        const name = `${verb} ${resourceName(right)}`;
        const use = uses[name];
        if (use === undefined) throw new Error(`nothing says what the right "${name}" is for`);
        return { name, row: [role, `\`${resourceName(right)}\``, `\`${verb}\``, use] };
      }),
    ),
  );
  const extra = Object.keys(uses).filter((name) => rows.every((row) => row.name !== name));
  if (extra.length > 0) throw new Error(`not granted any more: ${extra.join(", ")}`);
  const header = ["Role", "resource", "verb", "for"];
  return [header, header.map(() => "---"), ...rows.map(({ row }) => row)]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
