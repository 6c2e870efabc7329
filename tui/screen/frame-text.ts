// Raw OCPP frames as people read them: which message, and what it says.
import type { TracedLine } from '../../src/api/contract/chargers.ts';
import type { World } from '../desk/desk.ts';
import { msOf } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import { line, span, type Line } from '../widget/line.ts';

export interface FrameText {
  readonly name: string;
  readonly role: Role;
  readonly content: string;
}

/** What stands first in a frame of OCPP-J. */
const CALL = 2;
const RESULT = 3;
const ERROR = 4;

export function frameOf({ kind, text }: TracedLine): FrameText {
  if (kind === 'connected') return { name: 'connected', role: 'ok', content: text };
  if (kind === 'disconnected') return { name: 'disconnected', role: 'offline', content: text };
  const frame = parsed(text);
  if (!Array.isArray(frame)) return { name: 'no frame', role: 'danger', content: text };
  const [type, , third, fourth, fifth] = frame as readonly unknown[];
  if (type === CALL && typeof third === 'string')
    return { name: third, role: 'strong', content: brief(fourth) };
  if (type === RESULT) return { name: 'result', role: 'secondary', content: brief(third) };
  if (type === ERROR)
    return {
      name: `error ${String(third)}`,
      role: 'danger',
      content: `${String(fourth)} ${brief(fifth)}`.trim(),
    };
  return { name: 'no frame', role: 'danger', content: text };
}

/** A line for each frame, for where there is no room for a list. */
export function frameLines({ theme, times }: World, lines: readonly TracedLine[]): readonly Line[] {
  return lines.map((one) => {
    const { name, role, content } = frameOf(one);
    const arrow =
      one.kind === 'in' ? span(theme.glyphs.incoming, 'active') : span(theme.glyphs.outgoing, 'reserved');
    const sign = one.kind === 'in' || one.kind === 'out' ? arrow : span(' ');
    const time = span(`${times.clock(msOf(one.at) ?? 0)} `, 'secondary');
    return line(time, sign, ' ', span(name.padEnd(20), role), ` ${content}`);
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
