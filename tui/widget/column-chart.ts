// Columns of several lines' height, with a scale on the left: power of an hour, energy of a month.
import type { Glyphs } from '../theme/glyphs.ts';
import { fit, line, span, widthOf, type Line } from './line.ts';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly glyphs: Glyphs;
  /** The texts of the scale. */
  readonly scale: (value: number) => string;
}

/** As many lines as the height; each value takes as many columns as there is room for, at most so many. */
const COLUMNS_MAX = 3;

export function columnChart(values: readonly number[], { width, height, glyphs, scale }: ChartSize): Line[] {
  const largest = Math.max(0, ...values);
  const labels = [scale(largest), scale(largest / 2), scale(0)];
  const labelWidth = Math.max(...labels.map(widthOf));
  const room = width - labelWidth - 2;
  if (room <= 0) return [];
  const each = Math.max(1, Math.min(COLUMNS_MAX, Math.floor(room / Math.max(1, values.length))));
  const shown = values.slice(-Math.floor(room / each));
  return Array.from({ length: height }, (_, row) => {
    const label =
      row === 0
        ? labels[0]
        : row === height - 1
          ? labels[2]
          : row === Math.floor((height - 1) / 2)
            ? labels[1]
            : '';
    const cells = shown
      .map((value) => cell(value, largest, height - 1 - row, height, glyphs).repeat(each))
      .join('');
    return line(
      span(`${fit(label ?? '', labelWidth, glyphs.ellipsis, 'right')} `, 'secondary'),
      span(glyphs.box[5], 'secondary'),
      span(cells, 'active'),
    );
  });
}

/** What a column shows on the line that is `level` lines above the lowest. */
function cell(value: number, largest: number, level: number, height: number, { spark }: Glyphs): string {
  if (largest <= 0 || value <= 0) return level === 0 && value > 0 ? (spark[0] ?? ' ') : ' ';
  const filled = Math.max(1, Math.round((value / largest) * height * spark.length));
  const here = filled - level * spark.length;
  if (here <= 0) return ' ';
  return spark[Math.min(here, spark.length) - 1] ?? ' ';
}
