export { panelFilesIn, type PanelFiles } from "./panel-files.ts";
export { servePanel } from "./serve-panel.ts";
