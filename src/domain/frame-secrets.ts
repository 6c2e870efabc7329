// What must not be kept of a raw frame: secret configuration values, and passwords in addresses. The rest stays as it stood.
import { isSecretKey } from './configuration-key.ts';

const HIDDEN = '***';

/** No frame of OCPP is nested deeper; what is, is hidden as a whole. */
const MAX_DEPTH = 16;

/** `ftp://user:password@host`; the password ends at the last @ before the next blank, quote or slash. */
const PASSWORD_IN_ADDRESS = /:\/\/[^\s"/@:]*:[^\s"/]*@/g;

/** The frame with its secrets hidden. Asked for each frame: what has none costs a few searches. */
export function withoutSecrets(frame: string): string {
  const text = frame.includes('://') ? frame.replace(PASSWORD_IN_ADDRESS, `://${HIDDEN}@`) : frame;
  // ChangeConfiguration, and configurationKey of the answer to GetConfiguration
  const isOfConfiguration = text.includes('onfiguration');
  if (!isOfConfiguration || !isSecretKey(text)) return text;
  let frames: unknown;
  try {
    frames = JSON.parse(text);
  } catch {
    return untilSecret(text);
  }
  const hidden = hide(frames);
  return hidden === frames ? text : JSON.stringify(hidden);
}

/** Cannot be read, so nobody knows where the value ends. */
function untilSecret(text: string): string {
  const start = text.search(/password|secret|authorizationkey|token/i);
  return `${text.slice(0, start)}${HIDDEN}`;
}

/** The same value where it has no secret. */
function hide(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return HIDDEN;
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    const hidden = items.map((item) => hide(item, depth + 1));
    return hidden.some((item, index) => item !== items[index]) ? hidden : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const isSecret = isSecretSetting(members);
  const hidden = members.map(([name, member]) => {
    const isValue = isSecret && name.trim().toLowerCase() === 'value' && member !== '' && member !== null;
    return [name, isValue ? HIDDEN : hide(member, depth + 1)] as const;
  });
  // fromEntries defines members, also one called __proto__.
  return hidden.some(([, member], index) => member !== members[index]?.[1])
    ? Object.fromEntries(hidden)
    : value;
}

/** `{key, value}` of ChangeConfiguration, and of each key in the answer to GetConfiguration. */
function isSecretSetting(members: readonly (readonly [string, unknown])[]): boolean {
  return members.some(
    ([name, member]) =>
      name.trim().toLowerCase() === 'key' && typeof member === 'string' && isSecretKey(member),
  );
}
