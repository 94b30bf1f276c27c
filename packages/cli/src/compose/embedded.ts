import { getAssetKeys, getRawAsset } from "node:sea";
import type { AgentCommand } from "@keruta/runner/local";
import type { PanelFolder } from "@keruta/server/serve";

const panel = "dist/panel/";

/** The panel's files in a single binary. */
export function embeddedPanel(): PanelFolder {
  return {
    names: () => {
      const ours = getAssetKeys().filter((name) => name.startsWith(panel));
      return Promise.resolve(ours.map((name) => name.slice(panel.length)));
    },
    read: (name) => Promise.resolve(new Uint8Array(getRawAsset(panel + name))),
  };
}

/** A single binary is its own agent (`binary/main.cjs`). */
export function embeddedAgent(binary: string): AgentCommand {
  return [binary, "__agent"];
}
