// Keeps secrets out of the log, whoever writes them there: texts that look like one, and those that are known to be one.

/** What stands in the place of a secret. */
export const REDACTED = '***';

/** A known secret that is shorter would be found in words. */
const SHORTEST_KNOWN = 8;

/** A cheap look before the exact ones: nearly no line has any of it. */
const SUSPECT = /bearer|basic |authorizationkey|:\/\/[^/\s]*@|[?&][\w-]*(?:token|password|secret|key)=/i;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic) +[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  // In a frame the value follows its key, or stands before it: `"key":"AuthorizationKey","value":"…"`.
  [/(authorizationkey\\?"?[^{}]*?value\\?"? *[:=] *\\?"?)[^"\\,}\s]+/gi, `$1${REDACTED}`],
  [/(value\\?"? *: *\\?")[^"\\]+(\\?"[^{}]*?authorizationkey)/gi, `$1${REDACTED}$2`],
  [/(authorizationkey *= *)[^\s,"]+/gi, `$1${REDACTED}`],
  [/(:\/\/)[^/\s@]*@/g, `$1${REDACTED}@`],
  [/([?&][\w-]*(?:token|password|secret|key)=)[^&\s"#]+/gi, `$1${REDACTED}`],
];

/** Returns the text without secrets; the same text where there are none. */
export type Redact = (text: string) => string;

/** `known`: secrets that stand in the configuration. */
export function createRedaction(known: readonly string[]): Redact {
  const secrets = known.filter((secret) => secret.length >= SHORTEST_KNOWN);
  return (text) => {
    let clean = text;
    for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, REDACTED);
    if (!SUSPECT.test(clean)) return clean;
    for (const [pattern, instead] of PATTERNS) clean = clean.replace(pattern, instead);
    return clean;
  };
}
