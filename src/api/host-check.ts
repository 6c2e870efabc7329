// Whether a browser asks under a name that is ours. A page whose own name suddenly means this machine (DNS rebinding) may read what
// is open to everybody as if it came from there: its name gives it away. What takes a token needs no such check.
import { isIP } from 'node:net';
import { HttpProblem } from './problem.ts';

/** Nobody can register these. */
const LOCAL_SUFFIX = /\.(?:localhost|local|lan|internal|home\.arpa)$/;

export interface HostHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly userAgent: string | undefined;
  readonly fetchMode: string | undefined;
}

/** Returns what throws a 421 for a browser that asks under a name that is neither local nor one of `names`. */
export function createHostCheck(names: readonly string[]): (headers: HostHeaders) => void {
  const own = new Set(names.map((name) => name.toLowerCase()));
  return ({ host = '', origin, userAgent = '', fetchMode }) => {
    const isBrowser = origin !== undefined || fetchMode !== undefined || /^mozilla\//i.test(userAgent);
    const name = nameIn(host);
    if (!isBrowser || isLocal(name) || own.has(name)) return;
    throw new HttpProblem('hostUnknown', {
      detail: `${JSON.stringify(name)} is no name of this server`,
      hint: 'ask by its address, or put the name into api.hosts',
    });
  };
}

/** Without the port. */
function nameIn(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

/** An address, a name that no DNS has, or none. */
function isLocal(name: string): boolean {
  return isIP(name) !== 0 || !name.includes('.') || LOCAL_SUFFIX.test(name);
}
