/** Architectures that the agent is built for, by Node's names. */
const architectures = ["x64", "arm64"] as const;
export type Architecture = (typeof architectures)[number];

interface Target {
  /** GNU's name, the prefix of a cross compiler. */
  readonly triplet: string;
  /** OCI's name. */
  readonly platform: string;
}

export const targets: Readonly<Record<Architecture, Target>> = {
  x64: { triplet: "x86_64-linux-gnu", platform: "amd64" },
  arm64: { triplet: "aarch64-linux-gnu", platform: "arm64" },
};

export function parseArchitecture(word: string): Architecture {
  const architecture = architectures.find((known) => known === word);
  if (architecture) return architecture;
  throw new Error(`images: no agent is built for "${word}"; there are ${architectures.join(" and ")}`);
}

/** The machine's own compiler knows the machine's own libraries; another architecture needs its cross compiler. */
export function compilerOf(architecture: Architecture): string {
  return architecture === process.arch ? "gcc" : `${targets[architecture].triplet}-gcc`;
}
