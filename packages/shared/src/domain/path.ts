/** Paths of containers, with `/` between the parts on every host. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") && !hasParentPart(path) && !path.includes("\0");
}

/** True for a path that stays in its directory. */
export function isInnerPath(path: string): boolean {
  return path !== "" && !path.startsWith("/") && !hasParentPart(path) && !path.includes("\0");
}

/** `/a//b/./c/` and `/a/b/c` are one place. */
export function normalisePath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return (path.startsWith("/") ? "/" : "") + parts.join("/");
}

function hasParentPart(path: string): boolean {
  return path.split("/").includes("..");
}
