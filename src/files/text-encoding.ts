// Bytes of a text file that people save with whatever their program does, as text. Not for JSON, which is always UTF-8.
import { TextDecoder } from 'node:util';

export type Decoded =
  | {
      readonly ok: true;
      readonly text: string;
      /** As TextDecoder calls it. */
      readonly encoding: string;
      readonly hasBom: boolean;
    }
  /** `cut`: UTF-8 whose last character is not complete. `undecodable`: not text in this encoding. */
  | {
      readonly ok: false;
      readonly code: 'cut' | 'undecodable' | 'unknownEncoding';
      readonly encoding: string;
    };

const BYTE_ORDER_MARKS = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

/** The only two places where windows-1252 has letters and windows-1254 has none: Ž and ž. */
const ONLY_IN_WINDOWS_1252 = [0x8e, 0x9e];

/**
 * A byte-order mark decides; then `encoding` (a label that TextDecoder knows); with `auto`, what is not valid UTF-8 is
 * windows-1254, which differs from windows-1252 in the Turkish letters (and Icelandic ones) alone.
 */
export function decodeText(content: Buffer, encoding: string): Decoded {
  for (const mark of BYTE_ORDER_MARKS) {
    if (mark.bytes.every((byte, index) => content[index] === byte)) {
      return decodeAs(content.subarray(mark.bytes.length), mark.encoding, true);
    }
  }
  if (encoding !== 'auto') return decodeAs(content, encoding, false);
  const decoded = decodeAs(content, 'utf-8', false);
  if (decoded.ok || decoded.code === 'cut') return decoded;
  const isWestern = content.some((byte) => ONLY_IN_WINDOWS_1252.includes(byte));
  return decodeAs(content, isWestern ? 'windows-1252' : 'windows-1254', false);
}

function decodeAs(content: Buffer, label: string, hasBom: boolean): Decoded {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch {
    return { ok: false, code: 'unknownEncoding', encoding: label };
  }
  const { encoding } = decoder;
  let text: string;
  try {
    text = decoder.decode(content, { stream: true });
  } catch {
    return { ok: false, code: 'undecodable', encoding };
  }
  try {
    return { ok: true, text: text + decoder.decode(), encoding, hasBom };
  } catch {
    // All but the end was good: the file stops in the middle of a character.
    return { ok: false, code: 'cut', encoding };
  }
}
