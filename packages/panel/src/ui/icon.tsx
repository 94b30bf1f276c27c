/** Shapes beside words, for eyes alone: what they mean is always said in words too. */
const paths = {
  pending: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2Zm0 2.5V8l2.5 1.5",
  running: "M5 3.5v9l7.5-4.5Z",
  done: "m3.5 8.5 3 3 6-7",
  failed: "m4 4 8 8m0-8-8 8",
  stopped: "M4.5 4.5h7v7h-7Z",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  warning: "M8 2.5 14 13H2Zm0 4V10m0 1.5v.5",
  download: "M8 2.5V10M4.5 7 8 10.5 11.5 7M3 13.5h10",
  up: "M8 13V3.5M4 7l4-4 4 4",
  down: "M8 3v9.5M4 9l4 4 4-4",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
