// Records as text, and back: what a store keeps of their values.
import type { RecordKind, RecordVersion } from './record.ts';
import { sessionFromJson, sessionJson } from './session-json.ts';
import type { Session } from './session.ts';

export function recordJson({ kind, value }: Pick<RecordVersion, 'kind' | 'value'>): string {
  return kind === 'session' ? sessionJson(value as Session) : JSON.stringify(value);
}

/** Throws SyntaxError or TypeError for what was never written by recordJson. */
export function recordValue(kind: RecordKind, json: string): object {
  if (kind === 'session') return sessionFromJson(json);
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) throw new TypeError('a value that is no object');
  return value;
}
