import { readFileSync, statfsSync } from "node:fs";

/** Numbers of `statfs(2)`, from the kernel's magic.h, for file systems that other machines may write to. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x01021997, "9p"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x73757245, "Coda"],
  [0x564c, "NCP"],
]);
const fuseType = 0x65735546;
const networkFuse =
  /^fuse\.(sshfs|glusterfs|s3fs|rclone|gcsfuse|cephfs|ceph-fuse|davfs|curlftpfs|smbnetfs|juicefs|goofys)/;

export interface FileSystem {
  /** `f_type` of the file system that a path lies on. */
  typeOf(path: string): number;
  /** The text of /proc/self/mountinfo, empty where there is none. */
  mounts(): string;
}

export const linuxFileSystem: FileSystem = {
  typeOf: (path) => statfsSync(path).type,
  mounts: () => readFileSync("/proc/self/mountinfo", "utf8"),
};

/** The name of the network file system that a directory lies on, if it lies on one. */
export function networkFileSystem(directory: string, system: FileSystem): string | undefined {
  // Some Linux builds give the number with its sign.
  const type = system.typeOf(directory) >>> 0;
  if (type !== fuseType) return networkTypes.get(type);
  const mounted = mountType(directory, system.mounts());
  return networkFuse.test(mounted) ? mounted.replace("fuse.", "") : undefined;
}

/** The file system type of the deepest mount that holds the directory. */
function mountType(directory: string, mountinfo: string): string {
  let best = { point: "", type: "" };
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const point = (before.split(" ")[4] ?? "").replaceAll(/\\(\d{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const holds = point === "/" || directory === point || directory.startsWith(`${point}/`);
    // A later mount on the same point lies over the earlier one.
    if (point !== "" && holds && point.length >= best.point.length) {
      best = { point, type: after.split(" ")[0] ?? "" };
    }
  }
  return best.type;
}
