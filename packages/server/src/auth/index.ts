export { digestOf, newSecret } from "./digest.ts";
