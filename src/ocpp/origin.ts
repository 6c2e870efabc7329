// How a charger reached this server, as a URL: what the server has to say when it sends the charger somewhere on the same port.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** A name or address with an optional port; nothing that could become another part of a URL. */
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/** `http://10.0.0.5:9000`: as the charger addressed it, which holds through proxies; else by the address that it came in at. */
export function originOf(request: Pick<IncomingMessage, 'headers'>, stream: Duplex): string {
  const { host, 'x-forwarded-proto': forwarded } = request.headers;
  const isSecure = 'encrypted' in stream || forwarded === 'https' || forwarded === 'wss';
  const reached = host !== undefined && HOST.test(host) ? host : localHostOf(stream);
  return `${isSecure ? 'https' : 'http'}://${reached}`;
}

function localHostOf(stream: Duplex): string {
  const { localAddress = '127.0.0.1', localPort } = stream as {
    readonly localAddress?: string;
    readonly localPort?: number;
  };
  const address = localAddress.replace(/^::ffff:/, '');
  const name = address.includes(':') ? `[${address}]` : address;
  return localPort === undefined ? name : `${name}:${localPort}`;
}
