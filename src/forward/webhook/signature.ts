// How a request of a webhook is signed: HMAC-SHA-256 over its time and body, so that neither can be made up or sent again later.
import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'x-kwota-signature';

const MS_PER_S = 1000;

/** `t=1796040000,v1=<hex>`: the HMAC of `1796040000.<body>`. */
export function signatureOf(body: string, secret: string, atMs: number): string {
  const seconds = Math.floor(atMs / MS_PER_S);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}
