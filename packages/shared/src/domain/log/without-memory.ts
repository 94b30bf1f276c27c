/** A global or sticky expression remembers where it was; with this one each line is looked at by itself. */
export function withoutMemory({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replaceAll(/[gy]/g, ""));
}
