// From the path of a WebSocket upgrade to the charge point's id. Pure text: no URL parser (`//CP1` would make CP1 a host), no registry.
import { isPrintable } from '../runtime/printable.ts';

/** Longest id in UTF-16 code units; longer ones are refused. */
export const MAX_ID_LENGTH = 128;

/** Dropped when no prefix is configured: where chargers were pointed before kwota came. */
const COMMON_PREFIXES = ['ocpp/', 'steve/websocket/CentralSystemService/'] as const;

export type Identity =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly problem: 'missing' | 'tooLong' | 'unprintable' };

/**
 * The id that a charger's path names (product contract §4): query dropped, decoded, slashes collapsed and trimmed, prefix dropped;
 * inner slashes belong to the id (Schneider EVlink Pro AC appends its station id to the configured path).
 * A path without the configured prefix is taken whole.
 */
export function identify(requestTarget: string, pathPrefix?: string): Identity {
  // Some clients send the absolute form `http://host/CP1`.
  const path = requestTarget.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  return identifyDecoded(decode(path), pathPrefix);
}

/** The same of a path that is no URL: nothing in it is escaped, and no query follows. */
export function identifyDecoded(path: string, pathPrefix?: string): Identity {
  const id = withoutPrefix(trimSlashes(path), pathPrefix).trim();
  if (id === '') return { ok: false, problem: 'missing' };
  if (id.length > MAX_ID_LENGTH) return { ok: false, problem: 'tooLong' };
  if (!isPrintable(id)) return { ok: false, problem: 'unprintable' };
  return { ok: true, id };
}

/** Whether the path ends in the id as it is, with nothing around it that had to be taken away. */
export function isPlainPath(requestTarget: string, id: string): boolean {
  return !requestTarget.includes('//') && decode(requestTarget).endsWith(`/${id}`);
}

/** Escapes that are no UTF-8 (`%zz`, `%E7`) stay as they were typed. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function trimSlashes(path: string): string {
  return path.split('/').filter(Boolean).join('/');
}

function withoutPrefix(path: string, pathPrefix: string | undefined): string {
  const configured = pathPrefix === undefined ? '' : trimSlashes(pathPrefix);
  if (configured !== '') {
    if (path === configured) return '';
    return path.startsWith(`${configured}/`) ? path.slice(configured.length + 1) : path;
  }
  const common = COMMON_PREFIXES.find((prefix) => path.startsWith(prefix));
  return common === undefined ? path : path.slice(common.length);
}

/** Longer paths are cut where they are shown. */
const SHOWN_LENGTH = 200;

/** The path as logs and traces show it: some chargers are given a password in its query, whatever they call it. */
export function shownPath(url: string | undefined): string {
  const [path = '', ...query] = (url ?? '').split(/[?#]/);
  return `${path.slice(0, SHOWN_LENGTH)}${query.length === 0 ? '' : '?***'}`;
}
