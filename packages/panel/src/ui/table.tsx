import type { Text } from "@keruta/shared/domain";
import type { ComponentChildren } from "preact";
import { say } from "../language/language.ts";

interface TableProps {
  readonly label: Text;
  readonly heads: readonly Text[];
  /** Rows with their roles: on a phone they are cards, and a table for those who hear it. */
  readonly children: ComponentChildren;
}

export function Table({ label, heads, children }: TableProps) {
  return (
    <div class="table-frame">
      <table class="table" role="table" aria-label={say(label)}>
        <thead role="rowgroup">
          <tr role="row">
            {heads.map((head) => (
              <th key={head.en} scope="col" role="columnheader">
                {say(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">{children}</tbody>
      </table>
    </div>
  );
}
