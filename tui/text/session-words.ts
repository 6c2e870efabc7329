// What a session's record says, in plain words: why it ended, what says so, what was odd, what was done to end it.
import type { Session, SessionDetails } from '../../src/api/contract/sessions.ts';

type Words = Readonly<Record<string, string>>;

/** What is not in the table is said as it came. */
function wordsOf(table: Words, name: string): string {
  return table[name] ?? name;
}

/** Reasons of StopTransaction (OCPP 1.6 §7.36), and those for which kwota ends a record. */
const END_REASONS: Words = {
  Local: 'ended at the charger',
  Remote: 'ended by command',
  EVDisconnected: 'the car was unplugged',
  DeAuthorized: 'the card was refused',
  EmergencyStop: 'the emergency button was pressed',
  HardReset: 'the charger was reset, hard',
  SoftReset: 'the charger was reset',
  Reboot: 'the charger restarted',
  PowerLoss: 'the charger lost its power',
  UnlockCommand: 'the connector was unlocked',
  Other: 'the charger gave no reason',
  '': 'the charger gave no reason',
  refused: 'its start was refused and nothing flowed',
  connectorFree: 'the connector was found free',
  anotherStarted: 'another session started on the connector',
  byHand: 'closed by hand',
};

const STOP_REASONS: Words = {
  quotaUsedUp: 'quota used up',
  blocked: 'user blocked',
  expired: 'card expired',
  unknownTag: 'unknown card',
  concurrentSession: 'the user has another session',
  operator: 'a person asked for it',
};

const EVIDENCE: Words = {
  meterStop: 'The charger told the meter at its end.',
  nextStart: 'Its stop was lost; the meter at the next start closes it.',
  lastSample: 'Its stop was lost; its last sample closes it.',
  byHand: 'A person closed it.',
};

const FLAGS: Words = {
  baselineFromSample: 'It counts from its first sample: the meter at its start was not told, or was another.',
  implausibleJump: 'The meter jumped by more than a charger can give.',
  registerRestarted: 'The meter began anew; the total was carried on.',
  registerWentBack: 'The meter went back.',
  valueTakenBack: 'A value was contradicted by the next one, and taken back.',
  stopContradicts: 'The meter at its end contradicts the samples.',
  unitsDiffer: 'Start, samples and end are in different units.',
  intervalsSummed: 'The charger told energy by intervals; they were summed up.',
  aboveMaxPower: 'More power than this charger has was seen.',
};

const STEPS: Words = {
  remoteStop: 'asked to stop',
  knownIds: 'asked with every id it has used',
  noCurrent: 'current limited to 0 A',
  inoperative: 'connector taken out of service',
  unlock: 'connector unlocked',
  softReset: 'charger reset, soft',
  hardReset: 'charger reset, hard',
};

const ORIGINS: Words = {
  start: '',
  takeOver: 'taken over from the old files',
  adopted: 'its start was never told',
  stopOnly: 'known by its end alone',
};

/** Why it ended, or who ended it; null: it runs. */
export function endText({ end }: Session): string | null {
  if (end === null) return null;
  const { reason, by, wanted } = end;
  if (by !== null) return `closed by ${by}`;
  if (wanted === null) return wordsOf(END_REASONS, reason);
  const how = wanted.by === null ? `stopped: ${stopText(wanted)}` : `stopped by ${wanted.by}`;
  return reason === 'Remote' ? how : `${how} (${wordsOf(END_REASONS, reason)})`;
}

/** Why kwota wants it to end: `quota used up`, `Ada asked for it`. */
export function stopText({ reason, by }: Pick<NonNullable<Session['stop']>, 'reason' | 'by'>): string {
  return by === null ? wordsOf(STOP_REASONS, reason) : `${by} asked for it`;
}

/** How sure its end is, as a sentence. */
export function evidenceText(evidence: string): string {
  return wordsOf(EVIDENCE, evidence);
}

/** What was odd, a sentence each. */
export function oddities({ flags, authorization }: Session): readonly string[] {
  const refused = authorization === 'Accepted' ? [] : [`Its start was refused: ${authorization}.`];
  return [...refused, ...flags.map((flag) => wordsOf(FLAGS, flag))];
}

/** A rung of the stop ladder: `asked to stop`. */
export function stepText(step: string): string {
  return wordsOf(STEPS, step);
}

/** How it became known, where that was not by its start; empty: by its start. */
export function originText({ origin }: SessionDetails): string {
  return wordsOf(ORIGINS, origin);
}
