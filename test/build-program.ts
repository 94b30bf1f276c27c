/** The tests of the process project start the program as it is shipped. */
export async function setup(): Promise<void> {
  await import("../scripts/build.ts");
}
