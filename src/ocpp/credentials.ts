// What an upgrade brings along to show who it is: Basic credentials and a client certificate, as bytes and names. It judges neither.
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** Longer ones are no password of a charger (the standard has 40 characters). */
const MAX_ENCODED_LENGTH = 1024;

/** The bytes of `user:password`; chargers write Basic in any case, and pad the base64 as they like. Null: none. */
export function basicCredentials(authorization: string | undefined): Buffer | null {
  const encoded = /^\s*basic +([\w+/-]+={0,2})\s*$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined || encoded.length > MAX_ENCODED_LENGTH ? null : Buffer.from(encoded, 'base64');
}

/** Common and DNS names of a client certificate that was verified; null: there is none. */
export function certificateNames(stream: Duplex): readonly string[] | null {
  if (!(stream instanceof TLSSocket) || !stream.authorized) return null;
  const { subject, subjectaltname = '' } = stream.getPeerCertificate();
  const { CN: common } = (subject as { CN?: string | string[] } | undefined) ?? {};
  const alternative = subjectaltname.split(', ').flatMap((one) => /^DNS:(.+)$/.exec(one)?.[1] ?? []);
  return [...(common === undefined ? [] : [common].flat()), ...alternative];
}
