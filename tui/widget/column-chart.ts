// Columns over one or several lines: power of an hour, energy of a month. From three lines on with a scale on the left.
import type { Glyphs } from '../theme/glyphs.ts';
import { fit, line, span, widthOf, type Line } from './line.ts';

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  readonly glyphs: Glyphs;
  /** The texts of the scale. */
  readonly scale: (value: number) => string;
}

const SCALED_FROM = 3;
/** A value is drawn this wide at most. */
const COLUMNS_MAX = 3;

/** As many lines as the height; none where there are no values. */
export function columnChart(values: readonly number[], size: ChartSize): Line[] {
  const { width, height, glyphs } = size;
  if (height <= 0 || values.length === 0) return [];
  const largest = Math.max(0, ...values);
  const labels = height < SCALED_FROM ? [] : scaleLabels(largest, size);
  const room = width - (labels.length === 0 ? 0 : widthOf(labels[0] ?? '') + 2);
  if (room <= 0) return [];
  const each = Math.max(1, Math.min(COLUMNS_MAX, Math.floor(room / values.length)));
  const shown = gathered(values, Math.floor(room / each));
  return Array.from({ length: height }, (_, row) => {
    const cells = shown.map((value) => cell(value, largest, height - 1 - row, height, glyphs).repeat(each));
    const columns = span(cells.join(''), 'active');
    const scale = labels.length === 0 ? [] : [span(`${labels[row] ?? ''} ${glyphs.box[5]}`, 'secondary')];
    return { ...line(...scale, columns), isPicture: true };
  });
}

/** A text for each line: the largest value at the top, half of it in the middle, nothing at the bottom. */
function scaleLabels(largest: number, { height, scale, glyphs }: ChartSize): string[] {
  const middle = Math.floor((height - 1) / 2);
  const texts = Array.from({ length: height }, (_, row) => {
    if (row === 0) return scale(largest);
    if (row === height - 1) return scale(0);
    return row === middle && height >= 5 ? scale((largest * (height - 1 - row)) / (height - 1)) : '';
  });
  const width = Math.max(...texts.map(widthOf));
  return texts.map((text) => fit(text, width, glyphs.ellipsis, 'right'));
}

/** No more values than there is room for: neighbours become their mean. */
function gathered(values: readonly number[], room: number): readonly number[] {
  if (values.length <= room) return values;
  return Array.from({ length: room }, (_, index) => {
    const from = Math.floor((index * values.length) / room);
    const some = values.slice(from, Math.max(from + 1, Math.floor(((index + 1) * values.length) / room)));
    return some.reduce((sum, one) => sum + one, 0) / some.length;
  });
}

/** What a column shows on the line that is `level` lines above the lowest. */
function cell(value: number, largest: number, level: number, height: number, { spark }: Glyphs): string {
  if (largest <= 0 || value <= 0) return ' ';
  const filled = Math.max(1, Math.round((value / largest) * height * spark.length));
  const here = filled - level * spark.length;
  if (here <= 0) return ' ';
  return spark[Math.min(here, spark.length) - 1] ?? ' ';
}
