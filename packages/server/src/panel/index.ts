export { panelFilesIn } from "./panel-files.ts";
export { servePanel } from "./serve-panel.ts";
