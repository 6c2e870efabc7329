// Numbers as the benchmarks print them: medians with quartiles, and rows of one table.

function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.filter((one) => !Number.isNaN(one)).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export function decimals(number: number, digits: number): string {
  return Number.isNaN(number) ? '-' : number.toFixed(digits);
}

/** `1.45 (1.41-1.52)`: the median and the quartiles. */
export function withQuartiles(numbers: readonly number[], digits: number): string {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => decimals(quantile(numbers, share), digits));
  return `${middle ?? ''} (${low ?? ''}-${high ?? ''})`;
}

/** A table of Markdown, its columns aligned. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |\n`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|\n`;
  return line(head) + rule + rows.map(line).join('');
}
