// The library is CommonJS: bundled, a lazy import of it has a default export alone, and a lazy import of this has all.
export { stringify } from "yaml";
