import { openApi } from "../api/open-api.ts";
import type { SidecarOptions, SidecarUpload } from "../arguments/sidecar-arguments.ts";
import type { Host } from "../host/host.ts";
import { uploadArtifacts } from "../upload/upload-artifacts.ts";
import { isUploadWanted } from "./what-is-wanted.ts";

/** Uploads the artifacts, where there may be some, for as long as the grace and until a driver wants no more. */
export async function uploadWanted(
  options: SidecarOptions,
  upload: SidecarUpload,
  acknowledged: Promise<void>,
  host: Host,
): Promise<void> {
  if (!(await isUploadWanted(options))) return;
  const { api, notes } = await openApi(upload, options.runDirectory, host.env, host);
  if (!api) {
    host.print(`The artifacts are not uploaded. ${notes.join(" ")}\n`);
    return;
  }
  const noMore = new AbortController();
  void acknowledged.then(() => noMore.abort());
  const signal = AbortSignal.any([noMore.signal, AbortSignal.timeout(options.grace)]);
  const end = await uploadArtifacts({ api, collect: upload.collect, host, signal });
  host.print(
    "problem" in end
      ? `The artifacts were not uploaded: ${end.problem}\n`
      : `The artifacts are uploaded to ${upload.apiUrl}: ${end.status}, ${String(end.files)} files, ${String(end.bytes)} bytes.${end.message === "" ? "" : ` ${end.message}`}\n`,
  );
}
