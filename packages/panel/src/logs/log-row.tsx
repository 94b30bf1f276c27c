import { isLoss, type LogRecord } from "@keruta/shared/domain";
import { useMemo } from "preact/hooks";
import { say } from "../language/language.ts";
import { showClock, showTimeInZone } from "../time/show-time.ts";
import { language } from "../language/language.ts";
import { isPlainClick } from "../routing/plain-click.ts";
import { visible } from "../text/visible.ts";
import { Icon } from "../ui/icon.tsx";
import { segmentsOf, type Segment } from "./ansi.ts";
import { formatLogAddress } from "./log-address.ts";
import { words } from "./log-words.ts";
import { messageOf, type Encoding } from "./message.ts";
import { openLog } from "./open-log.ts";

interface LogRowProps {
  readonly record: LogRecord;
  readonly encoding: Encoding;
  readonly showsTime: boolean;
  readonly isTarget: boolean;
}

export function LogRow({ record, encoding, showsTime, isTarget }: LogRowProps) {
  const { sequence, level, kind, taskId, attempt, timestamp } = record;
  const kindClass = kind === "gap" && !isLost(record) ? "log-left-out" : kind && `log-${kind}`;
  const address = { taskId, attempt, line: sequence };
  const classes = ["log-row", `log-${level}`, kindClass, isTarget && "is-target"];
  return (
    <div class={classes.filter(Boolean).join(" ")} data-sequence={sequence}>
      <a
        class="log-number"
        href={formatLogAddress(address)}
        tabIndex={-1}
        aria-label={say(words.linkTo(sequence))}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          openLog(address, { replace: true });
        }}
      >
        {sequence}
      </a>
      {showsTime && (
        <time class="log-time" dateTime={timestamp} title={showTimeInZone(timestamp, language.value)}>
          {showClock(timestamp)}
        </time>
      )}
      <span class="log-level" title={record.stream}>
        {level}
      </span>
      <span class="log-text">
        <Message record={record} encoding={encoding} />
      </span>
    </div>
  );
}

function isLost({ gap }: LogRecord): boolean {
  return gap !== undefined && isLoss(gap);
}

function Message({ record, encoding }: Pick<LogRowProps, "record" | "encoding">) {
  const { kind, sequence, gap, message } = record;
  const segments = useMemo(
    () => (kind === undefined ? segmentsOf(messageOf(record, encoding)) : []),
    [record, encoding],
  );
  if (gap && !isLost(record)) return <>{say(words.leftOut(gap.lastSequence - sequence + 1))}</>;
  if (gap) {
    return (
      <>
        <Icon name="warning" />
        {say(words.gap(sequence, gap.lastSequence, visible(message)))}
      </>
    );
  }
  if (kind === "control") return <>{visible(message)}</>;
  return (
    <>
      {segments.map((segment, index) => (
        <Piece key={index} segment={segment} />
      ))}
      {/* A line that goes on in the next row. */}
      {record.newline === false && <span class="log-open">…</span>}
    </>
  );
}

function Piece({ segment }: { readonly segment: Segment }) {
  const { text, color, background, bold, dim, italic, underline, strike } = segment;
  const classes = [
    typeof color === "number" && `ansi-${String(color)}`,
    typeof background === "number" && `ansi-on-${String(background)}`,
    bold && "ansi-bold",
    dim && "ansi-dim",
    italic && "ansi-italic",
    underline && "ansi-underline",
    strike && "ansi-strike",
  ].filter(Boolean);
  const own = {
    ...(typeof color === "string" && { color }),
    ...(typeof background === "string" && { backgroundColor: background }),
  };
  if (classes.length === 0 && Object.keys(own).length === 0) return <>{text}</>;
  return (
    <span class={classes.join(" ")} style={own}>
      {text}
    </span>
  );
}
