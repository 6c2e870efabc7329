// A line of the log as the API shows it.
import type { LogFields } from '../runtime/log.ts';
import type { KeptLine } from '../runtime/log-ring.ts';
import type { LiveEvent } from './contract/events.ts';
import type { LogLine } from './contract/logs.ts';
import { iso } from './route/iso.ts';

export function logLineView({ seq, atMs, level, tag, message, fields }: KeptLine): LogLine {
  return { seq, at: iso(atMs), level, tag, message, charger: chargerOf(fields), fields: textsOf(fields) };
}

/** As /api/events tells it, in JSON. */
export function logEvent(line: KeptLine): string {
  const event: LiveEvent = { kind: 'log', at: iso(line.atMs), line: logLineView(line) };
  return JSON.stringify(event);
}

/** Null: it is not about a charger. */
export function chargerOf({ charger }: LogFields): string | null {
  return typeof charger === 'string' ? charger : null;
}

function textsOf(fields: LogFields): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields))
    if (name !== 'charger' && value !== undefined) texts[name] = String(value);
  return texts;
}
