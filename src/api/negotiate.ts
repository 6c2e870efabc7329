// Which media type to answer with, by the header Accept (RFC 9110 §12.5.1).

interface Range {
  readonly type: string;
  readonly quality: number;
}

/** The one of `offered` that is wanted most, the first among equals; null when none is wanted. */
export function preferred(accept: string | undefined, offered: readonly string[]): string | null {
  const ranges = (accept?.trim() ? accept : '*/*').split(',').map(rangeOf);
  let best: string | null = null;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(type, ranges);
    if (quality > bestQuality) [best, bestQuality] = [type, quality];
  }
  return best;
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice('q='.length));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}

/** Of the range that fits most closely. */
function qualityOf(type: string, ranges: readonly Range[]): number {
  for (const wanted of [type, `${type.split('/')[0] ?? ''}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted);
    if (range) return range.quality;
  }
  return 0;
}
