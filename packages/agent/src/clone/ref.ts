import { KerutaError } from "@keruta/shared/domain";

export type Ref =
  | { readonly kind: "default" }
  | { readonly kind: "commit"; readonly id: string }
  /** A branch, a tag, a full `refs/…` name, or an abbreviated commit id: the server's list of refs tells which. */
  | { readonly kind: "name"; readonly name: string; readonly mayBeCommit: boolean };

/** SHA-1 and SHA-256 repositories. */
const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** Git's own minimum is 4. */
const abbreviatedId = /^[0-9a-f]{4,63}$/i;
/** The rules of `git check-ref-format`. */
const malformed =
  // oxlint-disable-next-line no-control-regex -- git refuses them too
  /^$|^-|^@$|[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|^\/|\/$|\/\/|(?:^|\/)\.|\.(?:$|\/)|\.lock(?:$|\/)/;
/** A file name's limit on common file systems, less room for `.lock`. */
const maxRefLength = 240;

/**
 * Absent, empty and `HEAD` mean the default branch.
 * @throws KerutaError KRT_TASK_INVALID for what git could not take as a ref, or would take as an option.
 */
export function parseRef(text: string | undefined): Ref {
  if (text === undefined || text === "" || text === "HEAD") return { kind: "default" };
  if (commitId.test(text)) return { kind: "commit", id: text.toLowerCase() };
  if (text.length > maxRefLength || malformed.test(text)) {
    const shown = JSON.stringify(text.slice(0, maxRefLength));
    throw new KerutaError(
      "KRT_TASK_INVALID",
      {
        en: `${shown} cannot be the name of a branch, a tag or a commit.`,
        ja: `${shown} はブランチ名、タグ名、コミット ID として使えません。`,
      },
      {
        hint: {
          en: "Correct repository.ref; `git check-ref-format` tells the rules.",
          ja: "repository.ref を直してください。規則は `git check-ref-format` にあります。",
        },
      },
    );
  }
  return { kind: "name", name: text, mayBeCommit: abbreviatedId.test(text) };
}
