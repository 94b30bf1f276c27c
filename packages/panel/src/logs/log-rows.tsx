import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { say } from "../language/language.ts";
import { Icon } from "../ui/icon.tsx";
import { LogRow } from "./log-row.tsx";
import type { LogSession } from "./log-session.ts";
import { words } from "./log-words.ts";
import type { Encoding } from "./message.ts";
import { anchorOf, isAtBottom, restore, rowOf, type Anchor } from "./scrolling.ts";

interface LogRowsProps {
  readonly session: LogSession;
  readonly encoding: Encoding;
  readonly showsTime: boolean;
  readonly wraps: boolean;
  /** The line that the address names. */
  readonly target: number | undefined;
}

/** Nearer to an end than this, the next page is fetched. */
const marginPixels = 1500;

/**
 * The rows of the window, as they are: some hundred elements that wrap, are selected and are found by the browser as
 * any text. Where the window moves, what is read stays where it is on the screen.
 */
export function LogRows({ session, encoding, showsTime, wraps, target }: LogRowsProps) {
  const { window, opened, isFollowing } = session.view.value;
  const frame = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor | undefined>(undefined);
  const shownOpening = useRef<object | undefined>(undefined);
  const lastTop = useRef(0);

  const look = () => {
    const [outer, inner] = [frame.current, rows.current];
    if (!outer || !inner) return;
    anchor.current = anchorOf(outer, inner);
    lastTop.current = outer.scrollTop;
    if (outer.scrollTop < marginPixels) session.more("older");
    if (outer.scrollHeight - outer.scrollTop - outer.clientHeight < marginPixels) session.more("newer");
  };

  useLayoutEffect(() => {
    const [outer, inner] = [frame.current, rows.current];
    if (!outer || !inner || !window) return;
    const isNew = shownOpening.current !== opened;
    shownOpening.current = opened;
    if (isNew && typeof opened.at === "number") rowOf(inner, opened.at)?.scrollIntoView({ block: "center" });
    else if (isNew && opened.at === "start") outer.scrollTop = 0;
    else if (isFollowing || (isNew && opened.at === "end")) outer.scrollTop = outer.scrollHeight;
    else if (anchor.current) restore(outer, inner, anchor.current);
    look();
  }, [window, opened, wraps, showsTime, encoding]);

  const isThere = window !== undefined;
  useEffect(() => {
    // Whoever opens a log wants to move in it; who has begun to filter is left alone.
    const isBusy = document.activeElement?.closest(".log-tools, .log-foot") != null;
    if (isThere && !isBusy) frame.current?.focus({ preventScroll: true });
  }, [isThere, session]);

  if (!window) return <p class="log-frame quiet">{say(words.loading)}</p>;
  return (
    <div class="log-place">
      <div
        ref={frame}
        class={`log-frame ${wraps ? "is-wrapped" : ""}`}
        role="log"
        aria-live="off"
        aria-label={say(words.title)}
        tabIndex={0}
        onScroll={(event) => {
          const outer = event.currentTarget;
          const isUp = outer.scrollTop < lastTop.current;
          if (isAtBottom(outer) && window.atEnd) session.setFollowing(true);
          else if (isUp) session.setFollowing(false);
          look();
        }}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget || event.altKey || event.metaKey) return;
          if (event.key === "Home") session.open("start");
          else if (event.key === "End") session.open("end");
          else return;
          event.preventDefault();
        }}
      >
        {window.atStart && window.records.length > 0 && <p class="log-edge">{say(words.beginning)}</p>}
        <div ref={rows} class="log-rows">
          {window.records.map((record) => (
            <LogRow
              key={record.sequence}
              record={record}
              encoding={encoding}
              showsTime={showsTime}
              isTarget={record.sequence === target}
            />
          ))}
        </div>
      </div>
      {window.unseen > 0 && (
        <button
          type="button"
          class="button button-main log-news"
          onClick={() => {
            session.open("end");
            frame.current?.focus();
          }}
        >
          <Icon name="down" />
          {say(words.newLines(window.unseen))}
        </button>
      )}
    </div>
  );
}
