export { digestOf, newSecret } from "./digest.ts";
export { hashPassword } from "./password.ts";
