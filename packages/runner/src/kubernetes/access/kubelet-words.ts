/**
 * A kubelet says 200 before it has opened a log (seen on Kubernetes 1.35): what then goes wrong is the body, in words
 * and without an LF. "unable to retrieve container logs for …" comes while its container runtime is away, "failed to
 * try resolving symlinks in path …" when the file is gone with its Pod.
 *
 * A whole log begins with a digit, that of its first line's stamp. One that is asked for from a time on may begin in the
 * middle of a line, which then has no stamp: any text may stand there, and only what kubelets are known to say is words.
 */
const known =
  /^(unable to retrieve container logs for |failed to (try resolving symlinks in path|open log file|read log file|watch directory) "|failed to (create fsnotify watcher|get parse function): |rpc error: code = )/;
const ofRuntime = /^(unable to retrieve|rpc error)/i;
/** They name a path or two of 4,096 bytes at most, which are far shorter. */
const longestWords = 4096;
const lineFeed = 0x0a;

/** True where a body that begins so may turn out to be words, by what comes next. `isWhole`: from the log's beginning. */
export function mayBeWords(beginning: Uint8Array, isWhole: boolean): boolean {
  if (!isLetter(beginning[0]) || beginning.length > longestWords) return false;
  return isWhole || !beginning.includes(lineFeed);
}

/** As an HTTP status would have told, of the beginning of a body that cannot become words any more, or of all of it. */
export function kubeletWords(
  beginning: Uint8Array,
  isWhole: boolean,
): { readonly status: number; readonly body: string } | undefined {
  if (!isLetter(beginning[0])) return undefined;
  const body = Buffer.from(beginning).toString("utf8").trim();
  if (!isWhole && (!mayBeWords(beginning, isWhole) || !known.test(body))) return undefined;
  return { status: ofRuntime.test(body) ? 503 : 404, body };
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && /[a-z]/i.test(String.fromCharCode(byte));
}
