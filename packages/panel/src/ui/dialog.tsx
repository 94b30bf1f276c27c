import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { say } from "../language/language.ts";
import { common } from "../words/common.ts";
import { Icon } from "./icon.tsx";
import { Notices } from "./notices.tsx";

interface DialogProps {
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  readonly size?: "small" | "full";
  /** Something else than a person's wish must end it: no Escape, no cross. */
  readonly isForced?: boolean;
  readonly children: ComponentChildren;
}

/**
 * A modal dialog: the browser's own keeps the focus inside, closes on Escape and makes the rest inert. The focus goes
 * back to where it was.
 */
export function Dialog({ title, onClose, size = "small", isForced = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const isLeaving = useRef(false);
  const id = useId();

  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      isLeaving.current = true;
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={element}
      class={`dialog dialog-${size}`}
      aria-labelledby={id}
      onCancel={(event) => {
        // Of this dialog alone: a dialog within it tells the outer one too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        if (!isForced) onClose();
      }}
      onClose={(event) => {
        // A browser lets a page prevent Escape once, and closes the dialog by itself the next time.
        if (event.target !== event.currentTarget || isLeaving.current) return;
        if (isForced) event.currentTarget.showModal();
        else onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        {!isForced && (
          <button type="button" class="button button-bare" aria-label={say(common.close)} onClick={onClose}>
            <Icon name="failed" />
          </button>
        )}
      </header>
      {children}
      <Notices />
    </dialog>
  );
}
