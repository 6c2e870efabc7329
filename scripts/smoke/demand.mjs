// What has to be so, and by when.

export function demand(condition, complaint) {
  if (!condition) throw new Error(complaint);
}

/** Rejects when the promise takes longer than the limit. */
export async function within(limitMs, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Asks again and again until the answer is neither null nor undefined. */
export async function until(limitMs, what, look) {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const found = await look();
    if (found !== null && found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${what} did not come within ${limitMs} ms`);
}
