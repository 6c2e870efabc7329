// Figures as bars and small curves.
import type { Glyphs } from '../theme/glyphs.ts';

/** A bar of so many columns; `share` is from 0 to 1, and what is more than nothing shows. */
export function bar(share: number, columns: number, { barFull, barEmpty }: Glyphs): string {
  const part = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  const full = part > 0 ? Math.max(1, Math.floor(part * columns)) : 0;
  return barFull.repeat(Math.min(full, columns)) + barEmpty.repeat(Math.max(0, columns - full));
}

/** One column a value, from 0 to the largest; the newest values where there are more than columns. */
export function sparkline(values: readonly number[], columns: number, { spark }: Glyphs): string {
  const shown = values.slice(-columns);
  const largest = Math.max(0, ...shown);
  return shown
    .map((value) => {
      const height = largest > 0 ? Math.round((Math.max(0, value) / largest) * (spark.length - 1)) : 0;
      return spark[height] ?? ' ';
    })
    .join('');
}
