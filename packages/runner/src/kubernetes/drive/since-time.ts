/** Of milliseconds since 1970, for a log's `sinceTime`: the API counts in whole seconds. */
export function sinceTimeOf(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}
