import type { Language, Principal, Text } from "@keruta/shared/domain";
import type { AccountStore, NotifyStore, Queue, ReportStore, ServerStore } from "@keruta/shared/queue";
import type { PanelFiles } from "./panel-files.ts";
import type { Metrics } from "./metrics.ts";

/** What a server is made of; all that reaches outside is in it. */
export interface ServerDeps {
  readonly queue: Queue;
  readonly accounts: AccountStore;
  readonly reports: ReportStore;
  readonly notify: NotifyStore;
  readonly audited: ServerStore["audited"];
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly log: ServerLog;
  readonly metrics: Metrics;
  /** Told of what may have changed in the queue; one look at the store for all who listen. */
  readonly changes: (signal: AbortSignal) => AsyncIterable<void>;
  /** The root of collected artifacts: `<root>/<task id>/<attempt>/…`. */
  readonly artifactRoot: () => Promise<string>;
  /** Whether this server can do its work: its database, its cluster and its rights there. */
  readonly doctor: () => Promise<readonly Check[]>;
  readonly panel: PanelFiles;
  /** Sends a test to channels of notifications; null: to those that the rules use. */
  readonly testChannels: (channels: readonly string[] | null) => Promise<readonly ChannelTest[]>;
  /** Aborted when the server is to stop: streams end then. */
  readonly stopping: AbortSignal;
}

export interface ChannelTest {
  readonly channel: string;
  readonly ok: boolean;
  /** What the other side said, or why it was not reached. */
  readonly detail: Text;
}

interface Check {
  /** Stable, for programs. */
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: Text;
  /** What to do about it; null where all is well. */
  readonly remedy: Text | null;
}

export interface ServerLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What middleware leaves for the routes. */
export interface AppEnv {
  Variables: {
    principal: Principal;
    language: Language;
    requestId: string;
    /** Of the client, as the connection or a trusted proxy gives it. */
    address: string;
    /** Whether the client's side of the connection is TLS. */
    isSecure: boolean;
    /** Ends the client's connection in the middle of an answer. */
    cut: () => void;
  };
}
