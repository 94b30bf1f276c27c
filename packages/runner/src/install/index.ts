export { leftOut, type LeftOut } from "./left-out.ts";
export { accountName, driverManifests, type InstallOptions } from "./manifests.ts";
export {
  adminTokenSecret,
  serverManifests,
  serviceName,
  type ServerInstallOptions,
} from "./server-manifests.ts";
