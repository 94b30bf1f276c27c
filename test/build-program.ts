/** The tests of the process project start the program as it is shipped. */
export async function setup(): Promise<void> {
  if (!process.env["KERUTA_TEST_KUBECONFIG"]) {
    console.log("Tests on a real cluster are left out; KERUTA_TEST_KUBECONFIG=<file> switches them on.");
  }
  await import("../scripts/build.ts");
}
