// Figures as people type them, in any of their ways to write them: `120`, `12.5`, `12,5`, `1 200 kWh`.

const WH_PER_KWH = 1000;
/** Digits, blanks among them, and at most three decimals. */
const FIGURE = /^(\d[\d ]{0,11})(?:[.,](\d{1,3}))?(?: ?kwh)?$/i;

/** Whole Wh of a text in kWh; null: it is no such figure. */
export function whOfText(text: string): number | null {
  const [, whole, fraction = ''] = FIGURE.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  return Number(whole.replaceAll(' ', '')) * WH_PER_KWH + Number(fraction.padEnd(3, '0'));
}

/** kWh, exact to the Wh. */
export function kwhOfWh(wh: number): number {
  return wh / WH_PER_KWH;
}

/** As it would be typed: `120`, `12.5`. */
export function typedKwh(kWh: number): string {
  return String(Math.round(kWh * WH_PER_KWH) / WH_PER_KWH);
}
