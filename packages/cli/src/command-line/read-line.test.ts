import { Option, type Command } from "commander";
import { describe, expect, it } from "vitest";
import { testContext } from "../compose/context.fake.ts";
import { registry } from "../program/registry.ts";
import { buildProgram } from "./build.ts";
import { createGlobalOptions } from "./global-options.ts";
import { readCommandLine } from "./read-command-line.ts";
import { readLine } from "./read-line.ts";
import type { CommandEntry } from "./entry.ts";

const summary = { en: "", ja: "" };
const load: NonNullable<CommandEntry["load"]> = () => {
  throw new Error("reading asks for options only");
};
const table: readonly CommandEntry[] = [
  { name: "list", summary, load },
  { name: "submit", summary, load, takesCommand: true },
  { name: "logs", summary, load, commands: [{ name: "export", summary, load }] },
  { name: "task", summary, commands: [{ name: "add", summary, load, takesCommand: true }] },
];
const own: Readonly<Record<string, readonly string[]>> = {
  list: ["--limit <number>"],
  submit: ["-f, --file <file>", "--hold [boolean]", "--detach"],
  logs: ["-f, --follow", "--grep <regexp>", "-l, --selector <selector>"],
  export: ["--to <location>"],
  add: ["--title <text>"],
};
const globals = [...createGlobalOptions(({ en }) => en), new Option("-h, --help")];

async function read(line: readonly string[]) {
  const asked: string[] = [];
  const { path, ...rest } = await readLine(line, {
    registry: table,
    globals,
    optionsOf: async ({ name }) => {
      asked.push(name);
      return (own[name] ?? []).map((flags) => new Option(flags));
    },
  });
  const names = path.map(({ name }) => name);
  // A command that the line does not name costs nothing.
  expect(asked).toEqual(names);
  return { ...rest, path: names };
}

describe("a command line", () => {
  it.each<[string[], { path?: string[]; globals?: string[]; own?: string[]; operands?: string[] }]>([
    [[], {}],
    [["list"], { path: ["list"] }],
    [["-qn", "prod", "submit"], { path: ["submit"], globals: ["--quiet", "--namespace=prod"] }],
    [["-qnprod", "submit"], { path: ["submit"], globals: ["--quiet", "--namespace=prod"] }],
    [["-qo", "json", "list"], { path: ["list"], globals: ["--quiet", "--output=json"] }],
    [["-vq", "list"], { path: ["list"], globals: ["--verbose", "--quiet"] }],
    [["-n", "list", "list"], { path: ["list"], globals: ["--namespace=list"] }],
    [["list", "-o=json"], { path: ["list"], globals: ["--output==json"] }],
    [["list", "--output="], { path: ["list"], globals: ["--output="] }],
    [["logs", "ID", "--grep", "-verbose"], { path: ["logs"], own: ["--grep=-verbose"], operands: ["ID"] }],
    [
      ["logs", "-fo", "json", "ID"],
      { path: ["logs"], globals: ["--output=json"], own: ["--follow"], operands: ["ID"] },
    ],
    [["logs", "-fn", "ns"], { path: ["logs"], globals: ["--namespace=ns"], own: ["--follow"] }],
    [["logs", "-flteam=a"], { path: ["logs"], own: ["--follow", "--selector=team=a"] }],
    [["logs", "--grep", "export", "ID"], { path: ["logs"], own: ["--grep=export"], operands: ["ID"] }],
    [["logs", "-q", "export"], { path: ["logs", "export"], globals: ["--quiet"] }],
    [["logs", "ID", "export"], { path: ["logs"], operands: ["ID", "export"] }],
    [
      ["logs", "export", "--to", "archive", "ID"],
      { path: ["logs", "export"], own: ["--to=archive"], operands: ["ID"] },
    ],
    [["task", "-q", "add"], { path: ["task", "add"], globals: ["--quiet"] }],
    [["task", "add", "--title", "-quick fix"], { path: ["task", "add"], own: ["--title=-quick fix"] }],
    [
      ["submit", "--hold", "-q", "ID"],
      { path: ["submit"], globals: ["--quiet"], own: ["--hold"], operands: ["ID"] },
    ],
    [["submit", "--hold", "false"], { path: ["submit"], own: ["--hold=false"] }],
    [["submit", "-f", "-"], { path: ["submit"], own: ["--file=-"] }],
    [["list", "--nope", "-qz"], { path: ["list"], globals: ["--quiet"], own: ["--nope", "-z"] }],
    [["nosuch", "list"], { operands: ["nosuch", "list"] }],
  ])("%j", async (line, { path = [], globals: global = [], own: mine = [], operands = [] }) => {
    expect(await read(line)).toMatchObject({ path, globalWords: global, ownWords: mine, operands });
  });

  it.each([
    [["help", "list"], ["list"]],
    [
      ["--lang", "ja", "help", "task", "add"],
      ["task", "add"],
    ],
    [["list", "-qh"], ["list"]],
    [["--help"], []],
  ])("%j asks for help", async (line, path) => {
    expect(await read(line)).toMatchObject({ path, asksHelp: true, operands: [], problem: undefined });
  });

  it("leaves what follows -- alone, and takes it for no option's value", async () => {
    expect(await read(["submit", "--detach", "--", "make", "-q", "--", "x"])).toMatchObject({
      ownWords: ["--detach"],
      globalWords: [],
      trailing: ["make", "-q", "--", "x"],
      problem: undefined,
    });
    const { problem, trailing } = await read(["submit", "--file", "--", "make"]);
    expect(trailing).toEqual(["make"]);
    expect(problem?.text.en).toBe("Option -f, --file <file> needs a value.");
  });

  it.each([
    [["--", "list"], "No command of keruta stands before --."],
    [["--bogus", "list"], "There is no option --bogus here."],
    [["task", "--bogus"], "There is no option --bogus here."],
    [["task", "-qz"], "There is no option -z here."],
    [["-n"], "Option -n, --namespace <name> needs a value."],
    [["list", "--limit"], "Option --limit <number> needs a value."],
  ])("%j is wrong", async (line, sentence) => {
    expect((await read(line)).problem?.text.en).toBe(sentence);
  });

  it("tells which option its end waits for", async () => {
    expect((await read(["logs", "-fn"])).expecting?.long).toBe("--namespace");
    expect((await read(["logs", "--grep"])).expecting?.long).toBe("--grep");
    expect((await read(["logs", "--grep", "x"])).expecting).toBeUndefined();
  });
});

describe("the real commands", () => {
  it("have no option that is a global one too", async () => {
    await using surroundings = await testContext();
    const program = await buildProgram(surroundings.context, registry, "all");
    const flagsOf = (command: Command) =>
      command.options.flatMap(({ short, long }) => [short, long]).filter((flag) => flag != null);
    const all = (command: Command): readonly Command[] =>
      command.commands.flatMap((sub) => [sub, ...all(sub)]);
    const taken = new Set([...flagsOf(program), "-h", "--help"]);
    for (const command of all(program)) {
      expect(flagsOf(command).filter((flag) => taken.has(flag))).toEqual([]);
    }
  });

  it("are read by their own options", async () => {
    await using surroundings = await testContext();
    const line = await readCommandLine(surroundings.context, registry, [
      "logs",
      "--grep",
      "export",
      "-fqn",
      "a",
    ]);
    expect(line.path.map(({ name }) => name)).toEqual(["logs"]);
    expect(line.ownWords).toEqual(["--grep=export", "--follow"]);
    expect(line.globalWords).toEqual(["--quiet", "--namespace=a"]);
  });
});
