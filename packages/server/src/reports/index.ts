export { reconcileReports } from "./reconcile.ts";
