/** RFC 4648's base 32 in lower case: no 0, 1, 8 and 9, which people take for letters. */
export const idAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
export const idLength = 10;
/** The shortest prefix of an id that stands for it. */
export const minIdPrefixLength = 3;

const letters = 26;
/** The largest multiple of 26 in a byte: letters drawn below it are equally likely. */
const fairBound = Math.floor(256 / letters) * letters;

/** Ten random characters `[a-z2-7]`, the first a letter: a valid part of a Kubernetes name. */
export function newTaskId(random: (count: number) => Uint8Array): string {
  let first = random(1)[0] ?? fairBound;
  while (first >= fairBound) first = random(1)[0] ?? fairBound;
  let id = idAlphabet[first % letters] ?? "";
  for (const byte of random(idLength - 1)) id += idAlphabet[byte % idAlphabet.length] ?? "";
  return id;
}

export function isTaskId(text: string): boolean {
  return /^[a-z][a-z2-7]{9}$/.test(text);
}

/** True for anything that may stand for one id: three characters at least, up to the whole id. */
export function isTaskIdPrefix(text: string): boolean {
  return /^[a-z][a-z2-7]{2,9}$/.test(text);
}
