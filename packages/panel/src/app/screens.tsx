import type { Permission, Text } from "@keruta/shared/domain";
import type { ComponentChildren } from "preact";
import { AccessScreen } from "../access/access-screen.tsx";
import { words as accessWords } from "../access/access-words.ts";
import { AccountScreen } from "../account/account-screen.tsx";
import { AuditScreen } from "../audit/audit-screen.tsx";
import { words as auditWords } from "../audit/audit-words.ts";
import { LogSettingsScreen } from "../log-settings/log-settings-screen.tsx";
import { words as logSettingsWords } from "../log-settings/log-settings-words.ts";
import type { Parameters } from "../routing/match.ts";
import { SettingsScreen } from "../settings/settings-screen.tsx";
import { words as settingsWords } from "../settings/settings-words.ts";
import { StatusScreen } from "../status/status-screen.tsx";
import { words as statusWords } from "../status/status-words.ts";
import { FromTaskScreen, NewTaskScreen } from "../task-form/task-form-screens.tsx";
import { TaskScreen } from "../task-page/task-screen.tsx";
import { words as taskWords } from "../tasks/task-list-words.ts";
import { TasksScreen } from "../tasks/tasks-screen.tsx";
import { WorkersScreen } from "../workers/workers-screen.tsx";
import { words as workersWords } from "../workers/workers-words.ts";

export interface Screen {
  readonly path: string;
  /** Who may not do this does not get the screen. */
  readonly needs: Permission;
  /** It concerns all namespaces: who is bound to some does not get it. */
  readonly isUnbound?: boolean;
  /** Its name in the navigation; absent: one gets there by other ways. */
  readonly label?: Text;
  readonly render: (parameters: Parameters) => ComponentChildren;
}

/** All screens, in the order of the navigation; the first whose path fits is shown. */
export const screens: readonly Screen[] = [
  { path: "/", needs: "read", label: statusWords.title, render: () => <StatusScreen /> },
  { path: "/tasks", needs: "read", label: taskWords.title, render: () => <TasksScreen /> },
  { path: "/new-task", needs: "write", render: () => <NewTaskScreen /> },
  { path: "/tasks/:id", needs: "read", render: ({ id = "" }) => <TaskScreen key={id} id={id} /> },
  {
    path: "/tasks/:id/edit",
    needs: "write",
    render: ({ id = "" }) => <FromTaskScreen key={id} id={id} intent="edit" />,
  },
  {
    path: "/tasks/:id/copy",
    needs: "write",
    render: ({ id = "" }) => <FromTaskScreen key={id} id={id} intent="copy" />,
  },
  { path: "/settings", needs: "read", label: settingsWords.title, render: () => <SettingsScreen /> },
  {
    path: "/log-settings",
    needs: "read",
    label: logSettingsWords.title,
    render: () => <LogSettingsScreen />,
  },
  {
    path: "/workers",
    needs: "read",
    isUnbound: true,
    label: workersWords.title,
    render: () => <WorkersScreen />,
  },
  {
    path: "/access",
    needs: "administer",
    isUnbound: true,
    label: accessWords.title,
    render: () => <AccessScreen />,
  },
  {
    path: "/audit",
    needs: "administer",
    isUnbound: true,
    label: auditWords.title,
    render: () => <AuditScreen />,
  },
  { path: "/account", needs: "read", render: () => <AccountScreen /> },
];
