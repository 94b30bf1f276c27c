import { render } from "preact";
import { App } from "./app/app.tsx";
import { browser } from "./compose/browser.ts";
import { startLanguage } from "./language/language.ts";
import { startRouting } from "./routing/place.ts";
import { resume } from "./session/session.ts";
import { startTheme } from "./theme/theme.ts";
import { startClock } from "./time/now.ts";
import "./ui/styles/base.css";
import "./ui/styles/controls.css";
import "./ui/styles/layout.css";
import "./ui/styles/tasks.css";
import "./ui/styles/forms.css";
import "./ui/styles/settings.css";
import "./ui/styles/dialog.css";
import "./ui/styles/log.css";
import "./ui/styles/ansi.css";

startLanguage(browser.local, navigator.languages, document.documentElement);
startTheme(browser.local, document.documentElement);
startClock(browser.clock);
startRouting();

const root = document.querySelector("#panel");
if (root) render(<App />, root);
void resume();
