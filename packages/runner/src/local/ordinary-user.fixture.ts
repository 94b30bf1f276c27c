// oxlint-disable no-restricted-globals -- whose process the tests are decides
const nobody = 65_534;

/** As a user that permissions hold for: root may write, and remove, anything. */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
