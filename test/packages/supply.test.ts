import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { imageLabels, originOf } from "../../scripts/images/labels.ts";
import { bundledPackages } from "../../scripts/supply/bundled-packages.ts";
import { licenceTexts } from "../../scripts/supply/licence-texts.ts";
import { npmComponents, sbom } from "../../scripts/supply/sbom.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "keruta-supply-"));
  await writeFile(join(root, "LICENSE"), "the text of Apache 2.0\n");
});
afterEach(() => rm(root, { recursive: true }));

async function install(
  key: string,
  manifest: object,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(join(root, key), { recursive: true });
  await writeFile(join(root, key, "package.json"), JSON.stringify({ version: "1.0.0", ...manifest }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, key, name), text);
}

function bundleOf(...modules: readonly (readonly [string, number])[]) {
  const entries = modules.map(([file, renderedLength]) => [join(root, file), { renderedLength }] as const);
  return [{ fileName: "x.js", modules: Object.fromEntries(entries) }];
}

test("what is bundled is each package of which something was kept, also below another one", async () => {
  await install("node_modules/a", { name: "a", license: "MIT" });
  await install("node_modules/a/node_modules/@s/b", { name: "@s/b", license: "ISC" });
  await install("node_modules/c", { name: "c", license: "MIT" });
  const outputs = bundleOf(
    ["node_modules/a/lib/index.js", 10],
    ["node_modules/a/node_modules/@s/b/index.js", 3],
    ["node_modules/c/index.js", 0],
    ["packages/cli/src/main.ts", 99],
  );
  expect((await bundledPackages(root, outputs)).map(({ name }) => name)).toEqual(["a", "@s/b"]);
});

test("a package that names no licence, or has no text of one that asks for it, cannot be shipped", async () => {
  await install("node_modules/a", { name: "a" });
  await expect(bundledPackages(root, bundleOf(["node_modules/a/a.js", 1]))).rejects.toThrow(
    "node_modules/a names no licence",
  );
  await install("node_modules/b", { name: "b", license: "BSD-3-Clause" });
  const packages = await bundledPackages(root, bundleOf(["node_modules/b/b.js", 1]));
  await expect(licenceTexts(root, packages)).rejects.toThrow("b is under BSD-3-Clause");
});

test("texts of licences stand once, with all whose they are, and standard ones are filled in", async () => {
  for (const name of ["a", "b"])
    await install(`node_modules/${name}`, { name, license: "ISC" }, { "LICENSE.md": "the same" });
  await install("node_modules/c", { name: "c", license: "MIT", author: { name: "Carol" } });
  await install("node_modules/d", { name: "d", license: "Apache-2.0" });
  const keys = ["a", "b", "c", "d"].map((name) => [`node_modules/${name}/x.js`, 1] as const);
  const text = await licenceTexts(root, await bundledPackages(root, bundleOf(...keys)));
  expect(text).toContain("\na 1.0.0 (ISC)\nb 1.0.0 (ISC)\n\nthe same\n");
  expect(text).toContain("Copyright (c) Carol");
  expect(text).toContain("\nd 1.0.0 (Apache-2.0)\n\nthe text of Apache 2.0\n");
});

test("a bill of materials has npm's digests, and is the same for the same content", async () => {
  await install("node_modules/@s/b", { name: "@s/b", license: "(MIT OR ISC)" }, { LICENSE: "text" });
  const integrity = `sha512-${Buffer.from("digest").toString("base64")}`;
  await writeFile(
    join(root, "package-lock.json"),
    JSON.stringify({ packages: { "node_modules/@s/b": { integrity } } }),
  );
  const components = await npmComponents(
    root,
    await bundledPackages(root, bundleOf(["node_modules/@s/b/b.js", 1])),
  );
  const bill = (epoch: number) => sbom({ name: "keruta", version: "1.2.3", components, epoch });
  expect(bill(1)).toBe(bill(1));
  expect(bill(2)).not.toBe(bill(1));
  expect(JSON.parse(bill(0))).toMatchObject({
    metadata: { timestamp: "1970-01-01T00:00:00.000Z", component: { purl: "pkg:npm/keruta@1.2.3" } },
    components: [
      {
        purl: "pkg:npm/%40s/b@1.0.0",
        hashes: [{ alg: "SHA-512", content: Buffer.from("digest").toString("hex") }],
        licenses: [{ expression: "(MIT OR ISC)" }],
      },
    ],
  });
});

test("labels of an image tell of a commit only where it is built from one", () => {
  const image = { title: "keruta-agent", description: "d", version: "1.2.3" };
  expect(Object.keys(imageLabels(image, originOf({})))).not.toContain("org.opencontainers.image.revision");
  expect(imageLabels(image, originOf({ SOURCE_DATE_EPOCH: "60", KERUTA_REVISION: "abc" }))).toMatchObject({
    "org.opencontainers.image.revision": "abc",
    "org.opencontainers.image.created": "1970-01-01T00:01:00.000Z",
  });
  expect(() => originOf({ SOURCE_DATE_EPOCH: "yesterday" })).toThrow("SOURCE_DATE_EPOCH");
});
