/** Put in by scripts/build.ts. Absent when the sources run unbundled: read it behind `typeof`. */
declare const KERUTA_VERSION: string | undefined;
