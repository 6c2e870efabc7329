// Energy, power and shares as people read them: `1 284.6 kWh`, `7.2 kW`, `96 %`.

const WH_PER_KWH = 1000;

/** One decimal, thousands apart: `1 284.6`. */
function decimal(value: number): string {
  const [whole = '', fraction = ''] = Math.abs(value).toFixed(1).split('.');
  const isZero = Number(whole) === 0 && fraction === '0';
  return `${value < 0 && !isZero ? '-' : ''}${grouped(whole)}.${fraction}`;
}

/** A whole number, thousands apart: `1 842`. */
export function count(value: number): string {
  return `${value < 0 ? '-' : ''}${grouped(Math.abs(Math.round(value)).toString())}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** `18.4`, from Wh. */
export function kwhNumber(wh: number): string {
  return decimal(wh / WH_PER_KWH);
}

export function kwh(wh: number): string {
  return `${kwhNumber(wh)} kWh`;
}

/** `7.2`, from W. */
export function kwNumber(watts: number): string {
  return decimal(watts / WH_PER_KWH);
}

export function kw(watts: number): string {
  return `${decimal(watts / WH_PER_KWH)} kW`;
}

/** Whole percent, and never 100 before it is all. */
export function percent(share: number): string {
  return `${wholePercent(share)} %`;
}

function wholePercent(share: number): number {
  return share < 1 ? Math.min(99, Math.round(share * 100)) : Math.floor(share * 100);
}

/** `3 chargers`, `1 charger`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `0.4 ms`, `38 ms`, `2.1 s`; `-` where nothing was measured. */
export function milliseconds(ms: number | null): string {
  if (ms === null) return '-';
  if (ms >= 1000) return `${decimal(ms / 1000)} s`;
  return ms < 10 ? `${decimal(ms)} ms` : `${count(ms)} ms`;
}

/** `127 MiB`. */
export function mebibytes(bytes: number): string {
  return `${count(bytes / 2 ** 20)} MiB`;
}
