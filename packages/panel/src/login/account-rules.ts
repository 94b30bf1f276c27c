/** The same as the server's, which looks again. */
export function isUserName(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,62}$/u.test(name);
}

const shortestPassword = 12;

export function isLongEnough(password: string): boolean {
  return password.length >= shortestPassword;
}
