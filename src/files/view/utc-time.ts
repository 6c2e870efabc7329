// Points in time as the shared files write them: `2025-01-15T10:30:00Z`.

let latestSecond = Number.NaN;
let latestText = '';

/** Of the hundreds that a file is written with, most are in the same second: to spell a date out takes long. */
export function utcTime(atMs: number): string {
  const second = Math.floor(atMs / 1000);
  if (second !== latestSecond) {
    latestText = `${new Date(atMs).toISOString().slice(0, 19)}Z`;
    latestSecond = second;
  }
  return latestText;
}
