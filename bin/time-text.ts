// Moments of the API as people read them.

/** `2026-11-30 10:14:58Z`, to the second; `-` for none. */
export function timeText(at: string | null): string {
  return at === null ? '-' : at.replace('T', ' ').replace(/\.\d+/, '');
}
