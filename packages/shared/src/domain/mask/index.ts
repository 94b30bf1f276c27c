export { createMask, type Mask, type Masker, type Secret } from "./mask.ts";
export { minSecretBytes } from "./secret-forms.ts";
