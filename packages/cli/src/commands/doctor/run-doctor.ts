import { apiVersion } from "@keruta/shared/domain";
import { writeDocument } from "../../output/document.ts";
import { allChecks } from "./all-checks.ts";
import { checkLines } from "./check-lines.ts";
import type { DoctorOptions } from "./doctor.ts";

/** Prints what was checked; exit code 1 where anything failed. */
export async function runDoctor({ context, run, format }: DoctorOptions): Promise<void> {
  const checks = await allChecks(context, run);
  const failures = checks.filter(({ status }) => status === "failed").length;
  const { stdout } = context.io;
  if (format === "text") {
    await stdout.write(checkLines(context, checks));
  } else {
    const items = checks.map(({ name, status, message, remedy }) => ({
      name,
      status,
      message: context.translate(message),
      remedy: remedy && context.translate(remedy),
    }));
    await writeDocument(stdout, format, { apiVersion, kind: "CheckList", ok: failures === 0, items });
  }
  if (failures === 0) return;
  context.exitCode = 1;
  await context.complain({
    en: `${String(failures)} of ${String(checks.length)} checks failed.`,
    ja: `${String(checks.length)} 件中 ${String(failures)} 件の検査に失敗しました。`,
  });
}
