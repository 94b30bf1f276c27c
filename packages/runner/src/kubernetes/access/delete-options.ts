/** The body of a DELETE that means this object and no other of its name. */
export function deleteOptions(uid: string, options: object): object {
  return { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid }, ...options };
}
