// What a charger may mean by the bytes of its Basic credentials (OCPP-J 1.6 §6, chargers differ): pure, and it compares nothing.
//
// An AuthorizationKey travels as hexadecimal text. Chargers then present the bytes that it stands for, the text as it is or
// in the other case, or the hexadecimal of a text that was typed in. So a key that reads as hexadecimal is kept as its bytes,
// and what is presented is read in each of these ways.

/** At least so long does a text count as hexadecimal: shorter ones are words (`dead`, `2024`). */
const MIN_HEX_LENGTH = 8;
const HEX = /^(?:[0-9a-f]{2})+$/i;
const COLON = ':'.charCodeAt(0);

/** The bytes that a configured or commanded key stands for. */
export function keyBytes(text: string): Buffer {
  return isHex(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'utf8');
}

/** Each key that somebody who presents these bytes may mean, the likeliest first. */
export function keysMeantBy(presented: Buffer): readonly Buffer[] {
  const meant = [presented];
  for (let text = presented.toString('latin1'); isHex(text);) {
    const decoded = Buffer.from(text, 'hex');
    meant.push(decoded);
    text = decoded.toString('latin1');
  }
  // Typed where the display writes Latin-1.
  const inUtf8 = Buffer.from(presented.toString('latin1'), 'utf8');
  if (!inUtf8.equals(presented)) meant.push(inUtf8);
  return meant;
}

/**
 * The password in `user:password`, by the ids of the charger: both may hold colons, and the user may be another one or none.
 * Each way to cut it, the likeliest first; empty where there is no colon.
 */
export function passwordsIn(credentials: Buffer, ids: readonly string[]): readonly Buffer[] {
  for (const id of ids) {
    const user = Buffer.from(`${id}:`, 'utf8');
    if (credentials.subarray(0, user.length).equals(user)) return [credentials.subarray(user.length)];
  }
  const first = credentials.indexOf(COLON);
  const last = credentials.lastIndexOf(COLON);
  if (first < 0) return [];
  return [...new Set([first, last])].map((colon) => credentials.subarray(colon + 1));
}

function isHex(text: string): boolean {
  return text.length >= MIN_HEX_LENGTH && HEX.test(text);
}
