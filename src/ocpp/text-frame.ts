// A text message as it stands on the wire: one whole, unmasked WebSocket frame (RFC 6455, section 5.2). It writes nothing.

const FINAL_TEXT = 0x81;
const MAX_7_BITS = 125;
const MAX_16_BITS = 0xffff;
/** In place of the length: the next 2 or 8 bytes have it. */
const IN_16_BITS = 126;
const IN_64_BITS = 127;

/** In one buffer, so that an answer is one write. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length <= MAX_7_BITS ? 2 : length <= MAX_16_BITS ? 4 : 10;
  const frame = Buffer.allocUnsafe(headLength + length);
  frame[0] = FINAL_TEXT;
  if (length <= MAX_7_BITS) frame[1] = length;
  else if (length <= MAX_16_BITS) {
    frame[1] = IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headLength);
  return frame;
}
