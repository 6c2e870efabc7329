// idTags as chargers spell them: what "the same card" could mean. Nothing here decides; a match is asked for, a likeness suggested.

/** Tags that no person has: what chargers send when nobody showed a card. */
const NOBODYS_TAGS = new Set(['', '0', '00000000', 'freevend']);

/** Whether this is what a charger sends in place of a card. */
export function isNobodysTag(idTag: string): boolean {
  return NOBODYS_TAGS.has(idTag.trim().toLowerCase());
}

/**
 * One spelling for all spellings of a card: no surrounding blanks or NULs, Unicode composed, upper case; of hexadecimal
 * tags neither separators (`04-A2-…`, `20:69:…`) nor `0x`.
 */
export function canonicalIdTag(idTag: string): string {
  const plain = idTag.replaceAll('\0', '').trim().normalize('NFC').toUpperCase();
  const bare = plain.replace(/^0X/, '').replaceAll(/[\s:-]/g, '');
  return /^[0-9A-F]{4,}$/.test(bare) ? bare : plain;
}

export type Likeness =
  'case' | 'separators' | 'reversedBytes' | 'hexAndDecimal' | 'leadingZeros' | 'sameBeginning';

/** Readers that cut or pad a card's number leave at least this much of it. */
const MIN_COMMON_HEX = 8;

/** In what way the two spellings may be the same card; null: in none. An operator confirms, nothing matches by itself. */
export function likeness(unknown: string, known: string): Likeness | null {
  if (unknown === known || isNobodysTag(unknown)) return null;
  if (unknown.trim().toUpperCase() === known.trim().toUpperCase()) return 'case';
  const a = canonicalIdTag(unknown);
  const b = canonicalIdTag(known);
  if (a === b) return 'separators';
  if (reversedBytes(a) === b) return 'reversedBytes';
  if (decimalForms(a).includes(b) || decimalForms(b).includes(a)) return 'hexAndDecimal';
  const stripped = a.replace(/^0+/, '');
  if (stripped !== '' && stripped === b.replace(/^0+/, '')) return 'leadingZeros';
  const isHex = /^[0-9A-F]+$/.test(a) && /^[0-9A-F]+$/.test(b);
  const shorter = Math.min(a.length, b.length);
  const isBeginning = a.startsWith(b.slice(0, shorter)) || b.startsWith(a.slice(0, shorter));
  return isHex && shorter >= MIN_COMMON_HEX && isBeginning ? 'sameBeginning' : null;
}

function reversedBytes(hex: string): string | null {
  if (!/^(?:[0-9A-F]{2}){2,10}$/.test(hex)) return null;
  return hex.match(/../g)?.reverse().join('') ?? null;
}

/** The decimal numbers that readers print for a hexadecimal tag: most or least significant byte first. */
function decimalForms(hex: string): string[] {
  if (!/^[0-9A-F]{4,20}$/.test(hex)) return [];
  const reversed = reversedBytes(hex);
  const forms = reversed === null ? [hex] : [hex, reversed];
  return forms.map((form) => BigInt(`0x${form}`).toString());
}

export interface Suggestion {
  readonly idTag: string;
  readonly likeness: Likeness;
}

/** Known tags that an unknown one may be another spelling of, at most `max`. */
export function suggestTags(unknown: string, known: Iterable<string>, max: number): Suggestion[] {
  const found: Suggestion[] = [];
  for (const idTag of known) {
    const how = likeness(unknown, idTag);
    if (how !== null) found.push({ idTag, likeness: how });
    if (found.length >= max) break;
  }
  return found;
}
