// Raw OCPP frames as lines that people read: when, which way, which message, and what it says.
import type { TracedLine } from '../../src/api/contract/chargers.ts';
import type { World } from '../desk/desk.ts';
import { msOf } from '../text/times.ts';
import { line, span, type Line, type Span } from '../widget/line.ts';

export function traceLines(world: World, lines: readonly TracedLine[]): readonly Line[] {
  return lines.map((one) => traceLine(world, one));
}

function traceLine({ theme, times }: World, { at, kind, text }: TracedLine): Line {
  const time = span(`${times.clock(msOf(at) ?? 0)} `, 'secondary');
  if (kind === 'connected') return line(time, span(`${theme.glyphs.live} connected`, 'ok'));
  if (kind === 'disconnected') return line(time, span(`${theme.glyphs.offline} disconnected`, 'offline'));
  const arrow = kind === 'in' ? theme.glyphs.incoming : theme.glyphs.outgoing;
  return line(time, span(`${arrow} `, kind === 'in' ? 'active' : 'reserved'), ...frameSpans(text));
}

/** What stands first in a frame of OCPP-J. */
const CALL = 2;
const RESULT = 3;
const ERROR = 4;

function frameSpans(text: string): readonly Span[] {
  const frame = parsed(text);
  if (!Array.isArray(frame)) return [span(text)];
  const [type, , third, fourth, fifth] = frame as readonly unknown[];
  if (type === CALL && typeof third === 'string')
    return [span(third.padEnd(22), 'strong'), span(` ${brief(fourth)}`)];
  if (type === RESULT) return [span(`result ${brief(third)}`, 'secondary')];
  if (type === ERROR) return [span(`error ${String(third)} ${String(fourth)} ${brief(fifth)}`, 'danger')];
  return [span(text)];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A payload without the signs of JSON that say nothing. */
function brief(payload: unknown): string {
  return JSON.stringify(payload ?? {})
    .replace(/"/g, '')
    .replace(/^\{|\}$/g, '')
    .replace(/,/g, ', ');
}
