// Points in time as the shared files write them: `2025-01-15T10:30:00Z`.

export function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
