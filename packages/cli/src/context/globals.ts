import type { Language } from "@keruta/shared/domain";

export const colorModes = ["auto", "always", "never"] as const;
export type ColorMode = (typeof colorModes)[number];

/** The options that may stand before or after any command. */
export interface GlobalOptions {
  readonly db?: string;
  readonly apiUrl?: string;
  readonly tokenFile?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly config?: string;
  readonly output?: string;
  readonly color?: ColorMode;
  readonly lang?: Language;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}
