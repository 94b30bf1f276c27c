import { levels, streamNames, type TaskJson } from "@keruta/shared/domain";
import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { Check, ChoiceField, TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { Icon } from "../ui/icon.tsx";
import type { LogFilter } from "./log-source.ts";
import { words } from "./log-words.ts";
import { encodings, type Encoding } from "./message.ts";

/** How the rows look; nothing is read again for it. */
export interface LogLook {
  readonly encoding: Encoding;
  readonly showsTime: boolean;
  readonly wraps: boolean;
}

interface LogToolbarProps {
  readonly task: TaskJson;
  readonly attempt: number;
  readonly filter: LogFilter;
  readonly look: LogLook;
  readonly onAttempt: (attempt: number) => void;
  readonly onFilter: (filter: LogFilter) => void;
  readonly onLook: (look: LogLook) => void;
  readonly onDownload: () => void;
}

const encodingNames = { "utf-8": "UTF-8", shift_jis: "Shift_JIS", "euc-jp": "EUC-JP" } as const;

export function LogToolbar(props: LogToolbarProps) {
  const { task, attempt, filter, look, onAttempt, onFilter, onLook, onDownload } = props;
  const [keyword, setKeyword] = useState(filter.keyword);
  return (
    <Form
      class="log-tools"
      label={say(words.filters)}
      onSubmit={() => {
        onFilter({ ...filter, keyword });
      }}
    >
      {task.attempts.length > 1 && (
        <ChoiceField
          label={say(words.attempt)}
          value={String(attempt)}
          choices={task.attempts.map(({ number }) => [String(number), String(number)] as const)}
          onValue={(value) => {
            onAttempt(Number(value));
          }}
        />
      )}
      <ChoiceField
        label={say(words.level)}
        value={filter.level ?? ""}
        choices={[
          ["", say(words.allLevels)],
          ...levels.slice(1).map((level) => [level, say(words.andAbove(level))] as const),
        ]}
        onValue={(value) => {
          onFilter({ ...filter, level: value === "" ? undefined : value });
        }}
      />
      <ChoiceField
        label={say(words.stream)}
        value={filter.stream ?? ""}
        choices={[["", say(words.bothStreams)], ...streamNames.map((name) => [name, name] as const)]}
        onValue={(value) => {
          onFilter({ ...filter, stream: value === "" ? undefined : value });
        }}
      />
      <TextField
        label={say(words.keyword)}
        value={keyword}
        onValue={setKeyword}
        type="search"
        maxLength={1024}
      />
      <button type="submit" class="button">
        {say(words.search)}
      </button>
      <ChoiceField
        label={say(words.encoding)}
        value={look.encoding}
        choices={encodings.map((encoding) => [encoding, encodingNames[encoding]] as const)}
        onValue={(encoding) => {
          onLook({ ...look, encoding });
        }}
      />
      <Check
        label={say(words.timestamps)}
        checked={look.showsTime}
        onValue={(showsTime) => {
          onLook({ ...look, showsTime });
        }}
      />
      <Check
        label={say(words.wrap)}
        checked={look.wraps}
        onValue={(wraps) => {
          onLook({ ...look, wraps });
        }}
      />
      <button type="button" class="button" onClick={onDownload}>
        <Icon name="download" />
        {say(words.download)}
      </button>
    </Form>
  );
}
