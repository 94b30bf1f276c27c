import { describe, expect, it } from "vitest";
import { archiveOf, fileEntry, streamOf, trailerEntry, trailerFile } from "./fixtures/collection.fixture.ts";
import { createTestStore } from "./fixtures/store.fixture.ts";
import { base256, endOfTar, gnuLongName, paxHeader, tarEntry, tarHeader } from "./fixtures/tar.fixture.ts";

const a = trailerFile("a", "1");
const whole = (entries: readonly Uint8Array[], listed = [a]) =>
  Buffer.concat([...entries, trailerEntry(listed), endOfTar]);
const named = (name: string) => whole([fileEntry(name, "1")], [trailerFile(name, "1")]);
const twoNames = (first: string, second: string) =>
  whole([fileEntry(first, "1"), fileEntry(second, "2")], [trailerFile(first, "1"), trailerFile(second, "2")]);
const typed = (type: string, linkname = "") => whole([tarEntry({ name: "a", type, linkname })], []);
const sized = (size: number | Uint8Array, type = "0") => whole([tarHeader({ name: "a", size, type })], []);
const trailerWith = (changes: Readonly<Record<string, unknown>>) =>
  Buffer.concat([fileEntry("a", "1"), trailerEntry([a], changes), endOfTar]);
const pax = (records: Readonly<Record<string, string>>, name = "a") =>
  whole([paxHeader(records), tarEntry({ name }, "1")], [trailerFile(records["path"] ?? name, "1")]);
const { sha256: digestOfA } = a;

const hostile: readonly (readonly [string, Uint8Array, RegExp])[] = [
  ["an absolute path", named("/etc/keruta"), /"\/etc\/keruta" is an absolute path/],
  ["a parent part", named("../precious"), /has \.\. as a part/],
  ["a parent part inside", named("a/../../precious"), /has \.\. as a part/],
  ["a parent part at the end", named("a/.."), /has \.\. as a part/],
  ["a dot part", named("./a"), /has \. as a part/],
  ["an empty part", named("a//b"), /empty part/],
  ["a file whose name ends in a slash", named("a/"), /empty part/],
  ["an empty name", whole([tarEntry({ name: "" }, "1")]), /has no name/],
  ["a directory that is the root", whole([tarEntry({ name: "/", type: "5" })]), /has no name/],
  ["a drive letter", named("C:/a"), /drive letter/],
  ["a drive letter without slash", named("c:a"), /drive letter/],
  ["a backslash", named("..\\precious"), /backslash/],
  ["a NUL by PAX", pax({ path: "a\0b" }), /NUL/],
  ["an escape character", named("a\u001b[2J"), /control character/],
  ["a C1 control character", named("a\u009b2J"), /control character/],
  ["a newline", named("a\nb"), /control character/],
  ["a part over 255 bytes", named(`${"あ".repeat(86)}`), /longer than 255 bytes/],
  ["a path over 4,096 bytes", named("abcdefgh/".repeat(500)), /longer than 4096 bytes/],
  ["65 parts", named(`${"d/".repeat(64)}f`), /more than 64 directories/],
  ["a name in the reserved directory", named(".keruta/trailer.json.bak"), /reserved/],
  ["the reserved directory in capitals", named(".Keruta/trailer.json"), /reserved/],
  ["the reserved directory as a file", named(".keruta"), /reserved/],
  ["case twins", twoNames("out/Read", "out/READ"), /"out\/Read" and "out\/READ"/],
  ["case twins of directories", twoNames("Out/a", "out/b"), /"Out" and "out"/],
  ["twins by sharp s", twoNames("straße", "STRASSE"), /are one name/],
  ["twins by normalisation", twoNames("caf\u00e9", "cafe\u0301"), /are one name/],
  ["the same file twice", twoNames("a", "a"), /sent twice/],
  ["a file where a directory is", twoNames("a/b", "a"), /both a file and a directory/],
  ["a directory where a file is", twoNames("a", "a/b"), /both a file and a directory/],
  ["a hard link", typed("1", "../precious"), /is a link/],
  ["a symbolic link", typed("2", "/"), /is a symlink/],
  ["a character device", typed("3"), /is a character-device/],
  ["a block device", typed("4"), /is a block-device/],
  ["a FIFO", typed("6"), /is a fifo/],
  ["a contiguous file", typed("7"), /is a contiguous-file/],
  ["a GNU sparse file", typed("S"), /unknown type/],
  ["a PAX sparse file", pax({ "GNU.sparse.major": "1" }), /GNU\.sparse\.major/],
  ["a link by PAX", pax({ linkpath: "../precious" }), /linkpath/],
  ["extended attributes", pax({ "SCHILY.xattr.user.a": "1" }), /SCHILY/],
  ["a PAX path that leaves", pax({ path: "../precious" }), /has \.\. as a part/],
  [
    "a global PAX path that leaves",
    whole([paxHeader({ path: "../x" }, "g"), paxHeader({ mtime: "1" }), tarEntry({ name: "a" }, "1")]),
    /as a part/,
  ],
  ["a PAX size that is negative", pax({ size: "-1" }), /not a valid tar|impossible size/],
  ["a PAX size beyond reason", pax({ size: "99999999999999999999" }), /impossible size/],
  ["a PAX header of 70 KB", pax({ path: "a".repeat(70_000) }), /headers of more than 65536 bytes/],
  ["a PAX header announced as 1 GB", whole([tarHeader({ name: "x", type: "x", size: 1 << 30 })]), /max size/],
  [
    "PAX headers without end",
    Buffer.concat(Array.from({ length: 1000 }, () => paxHeader({ path: "a".repeat(900) }))),
    /headers of more than 65536 bytes/,
  ],
  [
    "zero blocks without end",
    Buffer.concat([fileEntry("a", "1"), Buffer.alloc(1 << 20)]),
    /headers of more than/,
  ],
  [
    "a GNU long name that leaves",
    whole([gnuLongName("../precious"), tarEntry({ name: "a" }, "1")]),
    /as a part/,
  ],
  ["a ustar prefix that leaves", whole([tarEntry({ name: "precious", prefix: ".." }, "1")]), /as a part/],
  ["a size over the limit", sized(1 << 29), /over the limit of 1048576 a file/],
  ["a size in base 256 beyond reason", sized(base256(2n ** 80n)), /impossible size/],
  ["a negative size", sized(base256(-1024n)), /not a valid tar|impossible size/],
  ["a size that is no number", sized(Buffer.from("zzzzzzzzzzz\0")), /not a valid tar|impossible size/],
  ["a directory with bytes", sized(512, "5"), /impossible size/],
  [
    "too many bytes in all",
    whole(Array.from({ length: 5 }, (_, index) => fileEntry(`f${String(index)}`, Buffer.alloc(1 << 20)))),
    /over the limit of 4194304 bytes together/,
  ],
  [
    "too many files",
    whole(Array.from({ length: 1001 }, (_, index) => fileEntry(`f${String(index)}`, ""))),
    /more than 1000 files/,
  ],
  [
    "names that fill the memory",
    whole(
      Array.from({ length: 30 }, (_, index) => {
        const parts = Array.from(
          { length: 30 },
          (__, depth) => `${String(index)}-${"x".repeat(100)}${String(depth)}`,
        );
        return fileEntry(parts.join("/"), "");
      }),
    ),
    /names of the artifacts have more than 1048576 characters/,
  ],
  [
    "too many implied directories",
    whole(
      Array.from({ length: 20 }, (_, index) =>
        fileEntry(`${"d/".repeat(60)}`.replaceAll("d", `d${String(index)}`) + "f", ""),
      ),
    ),
    /more than 1000 files/,
  ],
  [
    "a link to write through",
    whole([tarEntry({ name: "l", type: "2", linkname: ".." }), fileEntry("l/precious", "1")]),
    /"l" is a symlink/,
  ],
  ["a wrong checksum", whole([tarEntry({ name: "a", checksum: 1 }, "1")]), /not a valid tar/],
  ["an unknown format", whole([tarEntry({ name: "a", magic: "zip" }, "1")]), /not a valid tar/],
  ["text", Buffer.alloc(4096, "no tar at all "), /not a valid tar/],
  ["a wrong digest", trailerWith({ files: [{ ...a, sha256: "0".repeat(64) }] }), /is not what was sent/],
  [
    "a wrong size in the trailer",
    trailerWith({ files: [{ ...a, bytes: 2 }], bytes: 2 }),
    /is not what was sent/,
  ],
  ["a wrong count", trailerWith({ count: 2 }), /announces 2 files/],
  ["a wrong sum", trailerWith({ bytes: 5 }), /of 5 bytes/],
  [
    "a file that is not listed",
    whole([fileEntry("a", "1"), fileEntry("b", "1")]),
    /"b" was sent but not listed/,
  ],
  ["a file that is listed and not sent", whole([], [a]), /"a" was listed but not sent/],
  ["a file that is listed twice", whole([fileEntry("a", "1")], [a, a]), /"a" was listed but not sent/],
  ["a newer trailer", trailerWith({ version: 2 }), /trailer .* not valid \("version"\)/],
  ["a trailer without files", trailerWith({ files: null }), /not valid \("files"\)/],
  [
    "a trailer with an unknown reason",
    trailerWith({ files: [{ ...a, skipped: "bored" }] }),
    /not valid \("skipped"\)/,
  ],
  [
    "a trailer with a bad digest",
    trailerWith({ files: [{ ...a, sha256: digestOfA?.toUpperCase() }] }),
    /not valid/,
  ],
  [
    "a trailer that is no JSON",
    whole([tarEntry({ name: ".keruta/trailer.json" }, "{")], []),
    /not valid \("JSON"\)/,
  ],
  [
    "a trailer that is no UTF-8",
    whole([tarEntry({ name: ".keruta/trailer.json" }, Uint8Array.of(0xff))], []),
    /not valid/,
  ],
  [
    "a trailer of 100 MB",
    whole([tarHeader({ name: ".keruta/trailer.json", size: 1e8 })]),
    /is 100000000 bytes/,
  ],
  [
    "a trailer in the middle",
    Buffer.concat([fileEntry("a", "1"), trailerEntry([a]), fileEntry("b", "1"), trailerEntry([a]), endOfTar]),
    /goes on after its trailer|bytes after its trailer/,
  ],
  [
    "a few bytes after the end",
    Buffer.concat([archiveOf({ a: "1" }), Buffer.from("more")]),
    /bytes after its trailer/,
  ],
  [
    "garbage after the trailer",
    Buffer.concat([archiveOf({ a: "1" }).subarray(0, -512), Buffer.alloc(512, "g")]),
    /not a valid tar|after its trailer/,
  ],
];

describe("an archive that must not be taken", () => {
  it.each(hostile)("%s: refused by name, and nothing is written", async (_, archive, message) => {
    using store = createTestStore();
    const before = store.everything();
    const stream = streamOf(archive, { pieceBytes: 4096 });
    const result = await store.receive({ open: async () => stream });
    expect(result.message).toMatch(message);
    expect(result).toMatchObject({ status: "Failed", files: [], bytes: 0, acknowledged: false });
    expect(store.everything()).toEqual(before);
    expect(stream.state).toEqual({ acknowledged: 0, closed: 1 });
  });

  it.each([
    ["without a trailer", Buffer.concat([fileEntry("a", "1"), endOfTar])],
    ["without its last zero block", archiveOf({ a: "1" }).subarray(0, -512)],
    ["of zero bytes", Buffer.alloc(0)],
  ])("%s: a cut, and after five a failure", async (_, archive) => {
    using store = createTestStore();
    const before = store.everything();
    const files = archive.length === 0 ? 0 : 1;
    let runs = 0;
    const result = await store.receive({
      open: async (from) => {
        runs += 1;
        expect(from).toBe(runs === 1 ? 0 : files);
        return streamOf(from === 0 ? archive : Buffer.alloc(0), { cut: true });
      },
    });
    expect(runs).toBe(5 + files);
    expect(result).toMatchObject({ status: "Failed", files: [] });
    expect(store.everything()).toEqual(before);
  });

  it("a mere 255-byte part, 64 parts and 4,096 bytes are no offence", async () => {
    using store = createTestStore();
    const content = {
      ["x".repeat(255)]: "1",
      [`${"d/".repeat(63)}f`]: "2",
      ".keruta.txt": "3",
      "a b:c": "4",
    };
    expect(await store.receive({ open: async () => streamOf(archiveOf(content)) })).toMatchObject({
      status: "Collected",
    });
    expect(store.content()).toEqual(content);
  });
});
