// Raw OCPP frames as people read them: which message, what it says, and how long its answer took. Pure.
import type { TracedLine } from '../../src/api/contract/chargers.ts';
import { remembered } from '../data/memo.ts';
import type { World } from '../desk/desk.ts';
import { msOf } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import { line, span, type Line } from '../widget/line.ts';
import { meterValuesText } from './meter-values-text.ts';

export interface FrameText {
  readonly line: TracedLine;
  /** `MeterValues`, of an answer `MeterValues.conf`. */
  readonly name: string;
  readonly role: Role;
  readonly content: string;
}

/** What stands first in a frame of OCPP-J. */
const CALL = 2;
const RESULT = 3;
const ERROR = 4;

/** Which message an answer answers, and when that was sent. */
interface Asked {
  readonly action: string;
  readonly atMs: number;
}

/** Of all lines at once: an answer is told by what it answers. The same array while they are the same. */
export const frameTexts = remembered((lines: readonly TracedLine[]): readonly FrameText[] => {
  const asked = new Map<string, Asked>();
  return lines.map((one) => {
    const frame = parsed(one.text);
    const [type, id, action] = Array.isArray(frame) ? (frame as readonly unknown[]) : [];
    if (type === CALL && typeof id === 'string' && typeof action === 'string')
      asked.set(id, { action, atMs: msOf(one.at) ?? 0 });
    return { line: one, ...textOf(one, frame, typeof id === 'string' ? asked.get(id) : undefined) };
  });
});

type Text = Omit<FrameText, 'line'>;

function textOf({ kind, text, at }: TracedLine, frame: unknown, asked: Asked | undefined): Text {
  if (kind === 'connected') return { name: 'connected', role: 'ok', content: text };
  if (kind === 'disconnected') return { name: 'disconnected', role: 'offline', content: text };
  const [type, , third, fourth, fifth] = Array.isArray(frame) ? (frame as readonly unknown[]) : [];
  if (type === CALL && typeof third === 'string')
    return { name: third, role: 'strong', content: contentOf(third, fourth) };
  const name = asked ? `${asked.action}.conf` : 'answer';
  const took = asked ? `${(msOf(at) ?? 0) - asked.atMs} ms` : '';
  const content = (what: string) => [what, took].filter((part) => part !== '').join('   ');
  if (type === RESULT) return { name, role: 'secondary', content: content(brief(third)) };
  if (type === ERROR)
    return {
      name,
      role: 'danger',
      content: content(`${String(third)} ${String(fourth)} ${brief(fifth)}`.trim()),
    };
  return { name: 'no frame', role: 'danger', content: text };
}

function contentOf(action: string, payload: unknown): string {
  return (action === 'MeterValues' ? meterValuesText(payload) : null) ?? brief(payload);
}

/** A line for each frame, for where there is no room for a list. */
export function frameLines({ theme, times }: World, frames: readonly FrameText[]): readonly Line[] {
  return frames.map(({ line: { at, kind }, name, role, content }) => {
    const arrow =
      kind === 'in' ? span(theme.glyphs.incoming, 'active') : span(theme.glyphs.outgoing, 'reserved');
    const sign = kind === 'in' || kind === 'out' ? arrow : span(' ');
    const time = span(`${times.clock(msOf(at) ?? 0)} `, 'secondary');
    return line(time, sign, ' ', span(name.padEnd(22), role), ` ${content}`);
  });
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
