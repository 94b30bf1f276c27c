/** Requests that a caller may make: `burst` at once, and then so many a second. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More callers than this at one time are forgotten, the oldest first: memory has a bound, whoever calls. */
const maxBuckets = 10_000;

export interface RateLimiter {
  /** Seconds to wait, 0 where the request may pass. */
  take(key: string): number;
}

/** Token buckets, one a caller. */
export function createRateLimiter({ perSecond, burst }: Rate, clock: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>();
  return {
    take(key) {
      const now = clock();
      const bucket = buckets.get(key) ?? { tokens: burst, at: now };
      // The latest used stands last.
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > maxBuckets) forgetOldest(buckets);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      bucket.tokens -= 1;
      return 0;
    },
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const { value: oldest } = buckets.keys().next();
  if (oldest !== undefined) buckets.delete(oldest);
}
