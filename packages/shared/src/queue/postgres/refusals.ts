import { KerutaError } from "../../domain/error.ts";
import type { Address } from "./address.ts";

export function databaseNewer({ name }: Address, found: number, known: number): KerutaError {
  return new KerutaError(
    "KRT_DB_NEWER",
    {
      en: `The queue ${name} has schema version ${String(found)}; this keruta knows versions up to ${String(known)}.`,
      ja: `キュー ${name} のスキーマはバージョン ${String(found)} ですが、この keruta が扱えるのは ${String(known)} までです。`,
    },
    {
      hint: {
        en: "Update keruta, or name another database with KERUTA_DB.",
        ja: "keruta を更新するか、KERUTA_DB で別のデータベースを指定してください。",
      },
      details: { database: name, found, known },
    },
  );
}

export function otherTables({ name }: Address, schema: string, tables: readonly string[]): KerutaError {
  const list = tables.join(", ");
  return new KerutaError(
    "KRT_DB_NOT_A_DATABASE",
    {
      en: `Schema "${schema}" of ${name} has tables of something else under names that keruta needs (${list}), and was left as it was.`,
      ja: `${name} のスキーマ「${schema}」には、keruta が使う名前（${list}）の別のテーブルがあります（変更していません）。`,
    },
    {
      hint: {
        en: "Give keruta a database of its own, or a schema: `create schema keruta`, and ?options=-csearch_path%3Dkeruta in KERUTA_DB.",
        ja: "keruta 専用のデータベースか、専用のスキーマ（`create schema keruta` と KERUTA_DB の ?options=-csearch_path%3Dkeruta）を用意してください。",
      },
      details: { database: name, schema, tables },
    },
  );
}

export function notUnicode({ name }: Address, encoding: string): KerutaError {
  return new KerutaError(
    "KRT_DB_UNSUPPORTED",
    {
      en: `The database ${name} has the encoding ${encoding}, which cannot hold every text.`,
      ja: `データベース ${name} の文字コードは ${encoding} で、すべての文字を保存できません。`,
    },
    {
      hint: {
        en: "Use one with the encoding UTF8: `createdb -E UTF8 -T template0 NAME`.",
        ja: "UTF8 のデータベースを使ってください: `createdb -E UTF8 -T template0 NAME`。",
      },
      details: { database: name, encoding },
    },
  );
}

export function noQueue({ name }: Address, schema: string): KerutaError {
  return new KerutaError(
    "KRT_DB_NOT_A_DATABASE",
    {
      en: `There is no queue in schema "${schema}" of ${name}.`,
      ja: `${name} のスキーマ「${schema}」にキューがありません。`,
    },
    {
      hint: {
        en: "keruta makes it with the first command that uses it, such as `keruta list`.",
        ja: "`keruta list` などの最初のコマンドが作ります。",
      },
      details: { database: name, schema },
    },
  );
}
