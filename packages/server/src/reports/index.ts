export { reconcileGrace, reconcileReports, type ReconcileDeps } from "./reconcile.ts";
