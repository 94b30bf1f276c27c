export { settleByReport } from "./settle-by-report.ts";
