import { signal } from "@preact/signals";
import { useLayoutEffect, useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { common } from "../words/common.ts";
import { Icon } from "./icon.tsx";

interface Notice {
  readonly id: number;
  readonly kind: "done" | "problem";
  readonly text: string;
}

const shown = signal<readonly Notice[]>([]);
let last = 0;

const doneMilliseconds = 6000;

/** Says what became of something; a problem stays until it is closed. */
export function notice(kind: Notice["kind"], text: string): void {
  last += 1;
  const id = last;
  shown.value = [...shown.value, { id, kind, text }];
  if (kind === "done") setTimeout(close, doneMilliseconds, id);
}

function close(id: number): void {
  shown.value = shown.value.filter((one) => one.id !== id);
}

/** Places for notices, in the order in which they came. */
const places = signal<readonly symbol[]>([]);

/** A place for notices. They are in the last one: behind a modal dialog nothing is seen, heard or clicked. */
export function Notices() {
  const [self] = useState(() => Symbol("notices"));
  useLayoutEffect(() => {
    places.value = [...places.peek(), self];
    return () => {
      places.value = places.peek().filter((one) => one !== self);
    };
  }, []);
  const here = places.value.at(-1) === self ? shown.value : [];
  return (
    <div class="notices" role="status" aria-live="polite">
      {here.map(({ id, kind, text }) => (
        <div key={id} class={`notice notice-${kind}`}>
          <Icon name={kind === "done" ? "done" : "warning"} />
          <p>{text}</p>
          <button
            type="button"
            class="button button-bare"
            aria-label={say(common.close)}
            onClick={() => {
              close(id);
            }}
          >
            <Icon name="failed" />
          </button>
        </div>
      ))}
    </div>
  );
}
