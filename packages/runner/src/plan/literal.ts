/**
 * A text that the kubelet gives on as it is. It would read `$$` as `$` and `$(NAME)` as a variable's value, in
 * commands, arguments and variables alike, even where the name stands in a secret's place.
 */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}
