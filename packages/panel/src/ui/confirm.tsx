import type { ComponentChildren } from "preact";
import { say } from "../language/language.ts";
import { common } from "../words/common.ts";
import { Dialog } from "./dialog.tsx";

interface ConfirmProps {
  readonly title: string;
  /** What the button does, as a verb: never "OK". */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Confirm({ title, action, isDangerous = false, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="dialog-body">{children}</div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {say(common.back)}
        </button>
        <button
          type="button"
          class={`button ${isDangerous ? "button-danger" : "button-main"}`}
          onClick={onConfirm}
        >
          {action}
        </button>
      </footer>
    </Dialog>
  );
}
