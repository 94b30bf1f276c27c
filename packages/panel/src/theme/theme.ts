import { effect, signal } from "@preact/signals";
import { kept, type Keep } from "../compose/keep.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const theme = signal<Theme>("system");

export function startTheme(keep: Keep, root: HTMLElement): void {
  theme.value = kept(keep, "keruta.theme", themes) ?? "system";
  effect(() => {
    if (theme.value === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme.value;
  });
}

export function chooseTheme(keep: Keep, choice: Theme): void {
  theme.value = choice;
  keep.write("keruta.theme", choice);
}
