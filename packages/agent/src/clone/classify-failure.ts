import type { CloneCategory } from "./outcome.ts";

interface FailureKind {
  readonly category: CloneCategory;
  readonly transient: boolean;
  readonly pattern: RegExp;
}

/** Git's, curl's and OpenSSH's words under LC_ALL=C; the first that matches decides, permanent ones before network ones. */
const kinds: readonly FailureKind[] = [
  kind("task-definition", /Authentication failed|could not read (?:Username|Password)|Permission denied \(/i),
  kind("task-definition", /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/),
  kind("task-definition", /requested URL returned error: (?:400|401|403|404|410)\b/),
  kind(
    "task-definition",
    /repository '.*' not found|Repository not found|does not appear to be a git repository/i,
  ),
  kind(
    "task-definition",
    /couldn't find remote ref|remote branch .* not found|unknown revision|transport '.*' not allowed/i,
  ),
  kind(
    "task-definition",
    /Project not found|no such repository|The project you were looking for could not be found/i,
  ),
  kind(
    "task-definition",
    /ambiguous|Load key .*: (?:error in libcrypto|invalid format|incorrect passphrase)/i,
  ),
  kind("start", /SSL certificate problem|certificate verif|No space left on device|Disk quota exceeded/i),
  kind("start", /dubious ownership|No user exists for uid|Read-only file system/),
  network(/Could not resolve (?:host|proxy)|Temporary failure in name resolution|Name or service not known/),
  network(
    /Failed to connect|Couldn't connect to server|Connection (?:refused|reset|timed out|closed)|Operation timed out/i,
  ),
  network(
    /Network is unreachable|No route to host|kex_exchange_identification|Operation too slow|Timeout was reached/i,
  ),
  network(/requested URL returned error: (?:408|425|429|5\d\d)\b|Empty reply from server|transfer closed/i),
  network(
    /early EOF|unexpected disconnect|hung up unexpectedly|RPC failed|expected (?:flush|'packfile')|Broken pipe/i,
  ),
  network(
    /gnutls_handshake|SSL_ERROR_SYSCALL|TLS connection was non-properly|unexpected eof while reading|HTTP\/2 stream/i,
  ),
];

/** What git's stderr says about a failed command; words that nobody foresaw are `start`, and not tried again. */
export function classifyFailure(words: string): {
  readonly category: CloneCategory;
  readonly transient: boolean;
} {
  return kinds.find(({ pattern }) => pattern.test(words)) ?? { category: "start", transient: false };
}

function kind(category: CloneCategory, pattern: RegExp): FailureKind {
  return { category, transient: false, pattern };
}

function network(pattern: RegExp): FailureKind {
  return { category: "start", transient: true, pattern };
}
