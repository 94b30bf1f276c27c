export type { ServerLog } from "../deps/env.ts";
export type { BuiltPanel, PanelFolder } from "../deps/panel-files.ts";
export { makeFirstToken } from "./first-token.ts";
export type { Tls } from "./listen.ts";
export { createServerLog } from "./server-log.ts";
export { startServer, type RunningServer, type ServerOptions } from "./start-server.ts";
