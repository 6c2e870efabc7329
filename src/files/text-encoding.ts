// Bytes of a text file that people save with whatever their program does, as text and back. Not for JSON, which is always UTF-8.
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

export type Encoded =
  | { readonly ok: true; readonly content: Buffer }
  /** `character` is the first that the encoding lacks. */
  | { readonly ok: false; readonly character: string };

/** The bytes that decodeText makes this text of; `encoding` is one that it named. */
export function encodeText(text: string, encoding: string, hasBom: boolean): Encoded {
  const mark = hasBom ? BYTE_ORDER_MARKS.find((one) => one.encoding === encoding) : undefined;
  const encoded = encodeAs(text, encoding);
  if (!encoded.ok || !mark) return encoded;
  return { ok: true, content: Buffer.concat([Buffer.from(mark.bytes), encoded.content]) };
}

function encodeAs(text: string, encoding: string): Encoded {
  if (!/^utf-(8|16)/.test(encoding)) return encodeBytes(text, encoding);
  // A lone surrogate has no bytes; it would become another character.
  const lone = /\p{Cs}/u.exec(text);
  if (lone) return { ok: false, character: lone[0] };
  if (encoding === 'utf-8') return { ok: true, content: Buffer.from(text, 'utf8') };
  const content = Buffer.from(text, 'utf16le');
  return { ok: true, content: encoding === 'utf-16be' ? content.swap16() : content };
}

/** One byte for a character: the code page is read off the decoder. */
function encodeBytes(text: string, encoding: string): Encoded {
  const decoder = new TextDecoder(encoding);
  const byteOf = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) byteOf.set(decoder.decode(Uint8Array.of(byte)), byte);
  const content = Buffer.alloc(text.length);
  let length = 0;
  for (const character of text) {
    const byte = byteOf.get(character);
    if (byte === undefined) return { ok: false, character };
    content[length] = byte;
    length += 1;
  }
  return { ok: true, content: content.subarray(0, length) };
}
