/** Followed by 0, 1, …: the sidecar's variables that hold the task. */
export const taskPiecePrefix = "KERUTA_TASK_JSON_";

/** Of one variable's value: well below the 131,072 bytes that Linux gives a variable, name included. */
export const maxTaskPieceBytes = 100_000;

/**
 * The variables that carry the task's JSON (UTF-8, deflate-raw) into the sidecar, as pieces of one base64 text.
 * Base64 has no `$`, so that the kubelet leaves it alone.
 */
export function taskPieces(deflated: Uint8Array): readonly (readonly [name: string, value: string])[] {
  const text = toBase64(deflated);
  const pieces: [string, string][] = [];
  for (let from = 0; from < text.length; from += maxTaskPieceBytes) {
    const name = `${taskPiecePrefix}${String(pieces.length)}`;
    pieces.push([name, text.slice(from, from + maxTaskPieceBytes)]);
  }
  return pieces;
}

/**
 * The deflated task that `taskPieces` cut, or null where there is none.
 * Throws TypeError where a piece is missing in between or the text is not base64.
 */
export function joinTaskPieces(environment: Readonly<Record<string, string | undefined>>): Uint8Array | null {
  const names = Object.keys(environment).filter(isPieceName);
  const pieces = names.map((_, index) => environment[`${taskPiecePrefix}${String(index)}`]);
  if (pieces.length === 0) return null;
  if (pieces.includes(undefined)) throw new TypeError(`one of ${names.join(", ")} is out of line`);
  return fromBase64(pieces.join(""));
}

function isPieceName(name: string): boolean {
  return name.startsWith(taskPiecePrefix) && /^[0-9]{1,3}$/.test(name.slice(taskPiecePrefix.length));
}

/** In slices: an argument list holds only so many bytes. */
function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let from = 0; from < bytes.length; from += 8192) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 8192));
  }
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (error) {
    throw new TypeError(`${taskPiecePrefix}0 and those after it are not base64`, { cause: error });
  }
}
