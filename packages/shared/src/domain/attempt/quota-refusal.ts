/** Whether the cluster's words tell of a quota that is used up, or not counted yet: room may be made. */
export function isQuotaRefusal(words: string): boolean {
  return /exceeded quota|status unknown for quota/.test(words);
}
