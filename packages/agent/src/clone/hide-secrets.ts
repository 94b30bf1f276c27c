/** Shorter values would hide ordinary text (design section 7). */
const minSecretLength = 4;

/** Replaces each value, as it is, percent-encoded and in base64, by `***`. */
export function createSecretHider(values: readonly string[]): (text: string) => string {
  const forms = values
    .filter((value) => value.length >= minSecretLength)
    .flatMap((value) => [
      value,
      encodeURIComponent(value),
      Buffer.from(value).toString("base64").replace(/=+$/, ""),
    ]);
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, "***"), text);
}
