export { accountName, driverManifests, type InstallOptions } from "./manifests.ts";
