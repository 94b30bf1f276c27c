const poolBytes = 4096;

/** The same randomness, asked for in larger pieces: a call of OpenSSL took 50 µs here, a tenth of a claim. */
export function poolRandom(random: (bytes: number) => Uint8Array): (bytes: number) => Uint8Array {
  let pool = new Uint8Array(0);
  let used = 0;
  return (bytes) => {
    if (bytes > poolBytes) return random(bytes);
    if (used + bytes > pool.length) [pool, used] = [new Uint8Array(random(poolBytes)), 0];
    const piece = pool.slice(used, used + bytes);
    pool.fill(0, used, (used += bytes));
    return piece;
  };
}
