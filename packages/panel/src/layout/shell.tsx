import type { Text } from "@keruta/shared/domain";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { connection, startFeed } from "../live/feed.ts";
import { Preferences } from "../preferences/preferences.tsx";
import { Link } from "../routing/link.tsx";
import { place } from "../routing/place.ts";
import { isExpired, logOut, person } from "../session/session.ts";
import { useArrival } from "./use-arrival.ts";
import { Icon } from "../ui/icon.tsx";
import { Notices, notice } from "../ui/notices.tsx";
import { words } from "./layout-words.ts";

interface NavigationEntry {
  readonly path: string;
  readonly label: Text;
}

interface ShellProps {
  readonly navigation: readonly NavigationEntry[];
  readonly children: ComponentChildren;
}

/** What stands around every screen. */
export function Shell({ navigation, children }: ShellProps) {
  const [isOpen, setOpen] = useState(false);
  const { path } = place.value;
  useEffect(() => (isExpired.value ? undefined : startFeed()), [isExpired.value]);
  useEffect(() => {
    setOpen(false);
  }, [path]);
  useArrival(path);

  return (
    <>
      <a class="skip" href="#content">
        {say(words.skip)}
      </a>
      <header class="bar">
        <p class="brand">
          <Link to="/">keruta</Link>
        </p>
        <button
          type="button"
          class="button button-bare bar-menu"
          aria-expanded={isOpen}
          aria-controls="menu"
          aria-label={say(words.menu)}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <Icon name="menu" />
        </button>
        <div id="menu" class={`bar-rest ${isOpen ? "is-open" : ""}`}>
          <nav aria-label={say(words.navigation)}>
            {navigation.map((entry) => (
              <Link
                key={entry.path}
                to={entry.path}
                aria-current={isWithin(path, entry.path) ? "page" : undefined}
              >
                {say(entry.label)}
              </Link>
            ))}
          </nav>
          <div class="bar-person">
            <Preferences />
            <Link to="/account" aria-current={path === "/account" ? "page" : undefined}>
              <bdi>{(person.value?.name ?? "").replace(/^user:/, "")}</bdi>
            </Link>
            <button
              type="button"
              class="button"
              onClick={() => {
                void logOut().catch((error: unknown) => {
                  notice("problem", error instanceof Error ? error.message : String(error));
                });
              }}
            >
              {say(words.logOut)}
            </button>
          </div>
        </div>
      </header>
      <div role="status" class="connection">
        {connection.value === "waiting" && (
          <p>
            <Icon name="warning" />
            {say(words.waiting)}
          </p>
        )}
      </div>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <Notices />
    </>
  );
}

function isWithin(path: string, entry: string): boolean {
  return path === entry || (entry !== "/" && path.startsWith(`${entry}/`));
}
