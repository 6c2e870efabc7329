// The Sec-WebSocket-Protocol header: what we make of a charger's offer. Nothing here refuses a charger.

/** `ocpp1.6` and its misspellings seen in the field (`OCPP1.6`, `ocpp1.6J`). */
const OCPP_16 = /^ocpp1\.6j?$/i;

/** What is odd about an offer. One of several versions, 1.6 among them as OCPP spells it, is not. */
export function offerQuirk(header: string | undefined): 'no-subprotocol' | 'odd-subprotocol' | null {
  if (header === undefined || header.trim() === '') return 'no-subprotocol';
  const names = header.split(',').map((name) => name.trim());
  const isPlain = names.includes('ocpp1.6') && names.join(', ') === sanitiseOffer(header);
  return isPlain ? null : 'odd-subprotocol';
}

/** An RFC 9110 token; what is no token makes ws refuse the handshake. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** The legal tokens of an offer without doubles, or undefined when none is left and the header must go. */
export function sanitiseOffer(header: string): string | undefined {
  const tokens = header
    .split(/[,\s]+/)
    .map((token) => token.replaceAll('"', ''))
    .filter((token) => TOKEN.test(token));
  return tokens.length === 0 ? undefined : [...new Set(tokens)].join(', ');
}

/** Other versions of OCPP, which we do not speak and so never confirm. */
const OTHER_OCPP = /^ocpp[-_]?(1\.?[25]|2)/i;

/**
 * The offered subprotocol to answer with: 1.6 in the client's own spelling, else its first odd one
 * (strict clients hang up when none is confirmed), but never another version of OCPP.
 */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  let odd: string | false = false;
  for (const name of offered) {
    if (OCPP_16.test(name)) return name;
    if (odd === false && !OTHER_OCPP.test(name)) odd = name;
  }
  return odd;
}
