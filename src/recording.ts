// The file of a recording: one charger's trace, with the settings and users that it needs to be run again. No names of
// people are in it. Running it is replay.ts.
import { settingsFor } from './config/charger-settings.ts';
import { loadConfig } from './config/load.ts';
import type { ChargerSettings, Config } from './config/schema.ts';
import type { Services } from './csms/services.ts';
import { parseTimestamp } from './domain/timestamp.ts';
import { isCutText, type TraceLine } from './domain/trace.ts';
import type { User } from './domain/user.ts';
import { readFrames } from './ocpp/frame.ts';
import { isJsonObject } from './ocpp/v16/lenient.ts';

const VERSION = 1;

/** Larger is no recording; the whole file is read into memory. */
export const MAX_RECORDING_BYTES = 256 * 1024 * 1024;
const MAX_LINES = 1_000_000;
/** In UTF-16 code units: the longest message that may be configured, and what JSON makes of it. */
const MAX_LINE_LENGTH = 32 * 1024 * 1024;
/** Between the first line and any other: every minute of it is lived through. */
const MAX_SPAN_MS = 3 * 366 * 86_400_000;

const KINDS: readonly string[] = ['in', 'out', 'connected', 'disconnected'] satisfies TraceLine['kind'][];

/** A user as a recording tells it: what decides, and not who it is. */
export type RecordedUser = Omit<User, 'name' | 'surname'>;

/** The rules of the quota, as in config.yaml. */
type QuotaRules = Pick<Config['quota'], 'resetDay' | 'unknownTags' | 'concurrentSessions' | 'idTagMatch'>;

/** The first line of the file. */
export interface RecordingHeader extends QuotaRules {
  readonly chargePointId: string;
  /** What recorded it, such as `kwota 1.2.0`. */
  readonly program: string;
  /** ISO 8601. */
  readonly madeAt: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Of this charger; what the bookings depend on. */
  readonly settings: Pick<ChargerSettings, 'energyUnit' | 'startStopUnit' | 'maxPowerKw'>;
  /** Of the tags that occur in the trace, as they were when the recording was made. */
  readonly users: readonly RecordedUser[];
}

export interface Recording {
  readonly header: RecordingHeader;
  /** The defaults, with what the header says. */
  readonly config: Config;
  readonly lines: readonly TraceLine[];
  /** What is missing in it, in words. */
  readonly warnings: readonly string[];
}

/** A file that is no recording, or a broken one. `code` is stable; `hint` says what to do about it. */
export class RecordingError extends Error {
  readonly code: 'notARecording' | 'newerVersion' | 'badHeader' | 'badLine' | 'tooLarge';
  readonly hint: string;

  /** `line` counts from 1; null: the file as a whole. */
  constructor(
    code: RecordingError['code'],
    file: string,
    line: number | null,
    problem: string,
    hint: string,
    options?: ErrorOptions,
  ) {
    super(line === null ? `${file}: ${problem}` : `${file}:${line}: ${problem}`, options);
    this.name = 'RecordingError';
    this.code = code;
    this.hint = hint;
  }
}

/** What of the trace and of the running server belongs into a recording. */
export interface RecordingSource {
  readonly chargePointId: string;
  readonly lines: readonly TraceLine[];
  readonly program: string;
  readonly nowMs: number;
}

/** The text of a recording of a running server's charger. */
export function recordingOf(
  { site, quota, chargers }: Config,
  { users }: Pick<Services, 'users'>,
  { chargePointId, lines, program, nowMs }: RecordingSource,
): string {
  const { energyUnit, startStopUnit, maxPowerKw } = settingsFor({ chargers }, chargePointId);
  const { resetDay, unknownTags, concurrentSessions, idTagMatch } = quota;
  const occurring = [...tagsIn(lines)].flatMap((idTag) => users.find(idTag) ?? []);
  return recordingText(
    {
      chargePointId,
      program,
      madeAt: new Date(nowMs).toISOString(),
      timeZone: site.timeZone,
      resetDay,
      unknownTags,
      concurrentSessions,
      idTagMatch,
      settings: { energyUnit, startStopUnit, maxPowerKw },
      // Two spellings of a tag may be one user.
      users: [...new Set(occurring)].map(withoutName),
    },
    lines,
  );
}

/** The file: the header, then one line for each of the trace. */
export function recordingText(header: RecordingHeader, lines: readonly TraceLine[]): string {
  const first = JSON.stringify({ kwota: 'recording', version: VERSION, ...header });
  const others = lines.map(({ seq, atMs, kind, text }) =>
    JSON.stringify({ seq, at: new Date(atMs).toISOString(), kind, text }),
  );
  return `${[first, ...others].join('\n')}\n`;
}

/** Tags that asked for something, each once, in the order in which they came. */
export function tagsIn(lines: readonly TraceLine[]): Set<string> {
  const tags = new Set<string>();
  for (const { kind, text } of lines) {
    if (kind !== 'in') continue;
    for (const frame of readFrames(text)) {
      if (frame.kind !== 'call' || !/^(Authorize|StartTransaction|StopTransaction)$/.test(frame.action))
        continue;
      if (isJsonObject(frame.payload) && typeof frame.payload['idTag'] === 'string')
        tags.add(frame.payload['idTag']);
    }
  }
  return tags;
}

function withoutName({ idTag, quotaWh, isUnlimited, account, isBlocked, expires }: User): RecordedUser {
  return { idTag, account, quotaWh, isUnlimited, isBlocked, expires };
}

/** Reads a recording; `file` is how messages name it. Throws RecordingError. Keys that it does not know are let be. */
export function readRecording(text: string, file: string): Recording {
  const texts = text.replace(/^\ufeff/, '').split('\n');
  const isEnded = texts.at(-1)?.trim() === '';
  if (isEnded) texts.pop();
  if (texts.length > MAX_LINES + 1)
    throw new RecordingError(
      'tooLarge',
      file,
      null,
      `more than ${MAX_LINES} lines`,
      'cut it into parts, each with the header',
    );
  const { header, config } = readHeader(texts[0] ?? '', file);
  const lines: TraceLine[] = [];
  const warnings: string[] = [];
  for (const [index, each] of texts.entries()) {
    if (index === 0 || each.trim() === '') continue;
    const number = index + 1;
    const value = parseLine(each, file, number);
    if (value === undefined && number === texts.length && !isEnded) {
      warnings.push(`line ${number} is cut off and left out`);
      continue;
    }
    const line = toTraceLine(value, lines[0]?.atMs, (problem, hint) => {
      throw new RecordingError('badLine', file, number, problem, hint);
    });
    const before = lines.at(-1);
    if (before && line.seq > before.seq + 1)
      warnings.push(`${line.seq - before.seq - 1} lines are missing before line ${number}`);
    lines.push(line);
  }
  const cut = lines.filter(({ kind, text }) => kind === 'in' && isCutText(text)).length;
  if (cut > 0)
    warnings.push(`${cut} long messages were cut when they were recorded: what they said is missing`);
  return { header, config, lines, warnings };
}

/** The JSON value of a line, or undefined where it is none. */
function parseLine(text: string, file: string, number: number): unknown {
  if (text.length > MAX_LINE_LENGTH)
    throw new RecordingError(
      'tooLarge',
      file,
      number,
      `longer than ${MAX_LINE_LENGTH} characters`,
      'leave the line out',
    );
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Refuse = (problem: string, hint: string) => never;

function toTraceLine(value: unknown, firstMs: number | undefined, refuse: Refuse): TraceLine {
  const hint = 'a line is {"seq","at","kind","text"}; mend it or leave it out';
  if (!isJsonObject(value)) return refuse('not a JSON object', hint);
  const { seq, at, kind, text } = value;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq))
    return refuse('seq must be a whole number', hint);
  const atMs = typeof at === 'string' ? parseTimestamp(at) : null;
  if (atMs === null) return refuse('at must be a time such as 2026-11-30T12:00:00.000Z', hint);
  if (firstMs !== undefined && atMs - firstMs > MAX_SPAN_MS)
    return refuse(
      'at is more than three years after the first line',
      'was the clock set here? leave out what is before',
    );
  if (typeof kind !== 'string' || !isKind(kind))
    return refuse(`kind must be one of ${KINDS.join(', ')}`, hint);
  if (typeof text !== 'string') return refuse('text must be a text', hint);
  return { seq, atMs, kind, text };
}

function isKind(kind: string): kind is TraceLine['kind'] {
  return KINDS.includes(kind);
}

function readHeader(text: string, file: string): { header: RecordingHeader; config: Config } {
  const value = parseLine(text, file, 1);
  if (!isJsonObject(value) || value['kwota'] !== 'recording')
    throw new RecordingError(
      'notARecording',
      file,
      1,
      'this is no recording of kwota',
      'make one with kwota record',
    );
  if (value['version'] !== VERSION) {
    const made = `made by another version of kwota (format ${JSON.stringify(value['version'])}, not ${VERSION})`;
    throw new RecordingError('newerVersion', file, 1, made, 'replay it with a newer kwota');
  }
  const refuse: Refuse = (problem, hint) => {
    throw new RecordingError('badHeader', file, 1, problem, hint);
  };
  const { chargePointId, program, madeAt, users } = value;
  if (typeof chargePointId !== 'string' || chargePointId === '')
    return refuse('chargePointId must be the id of a charger', 'mend the first line');
  const config = readConfig(value, refuse);
  const { resetDay, unknownTags, concurrentSessions, idTagMatch } = config.quota;
  const { energyUnit, startStopUnit, maxPowerKw } = settingsFor(config, chargePointId);
  const header = {
    chargePointId,
    program: typeof program === 'string' ? program : '',
    madeAt: typeof madeAt === 'string' ? madeAt : '',
    timeZone: config.site.timeZone,
    resetDay,
    unknownTags,
    concurrentSessions,
    idTagMatch,
    settings: { energyUnit, startStopUnit, maxPowerKw },
    users: readRecordedUsers(users, refuse),
  };
  return { header, config };
}

/** What the header says of the configuration is checked as config.yaml is, which JSON happens to be. */
function readConfig(header: Readonly<Record<string, unknown>>, refuse: Refuse): Config {
  const { timeZone, resetDay, unknownTags, concurrentSessions, idTagMatch } = header;
  if (typeof timeZone !== 'string')
    return refuse('timeZone is missing', 'write the IANA time zone of the site, such as Europe/Istanbul');
  const settings = isJsonObject(header['settings']) ? header['settings'] : {};
  const { energyUnit, startStopUnit, maxPowerKw } = settings;
  // What is missing stays out, and so does the null of what is not set.
  const written = {
    site: { timeZone },
    // Samples alone say when to stop: a recorded charger cannot answer what it was not asked then.
    quota: { resetDay, unknownTags, concurrentSessions, idTagMatch, predictive: false },
    chargers: { settings: { '*': { energyUnit, startStopUnit, maxPowerKw: maxPowerKw ?? undefined } } },
  };
  const loaded = loadConfig({
    file: { path: 'header', text: JSON.stringify(written) },
    env: {},
    flags: {},
    machine: { cwd: '/', timeZone },
  });
  if ('config' in loaded) return loaded.config;
  const [problem] = loaded.problems;
  return refuse(problem?.message ?? 'the settings cannot be read', problem?.hint ?? 'mend the first line');
}

function readRecordedUsers(value: unknown, refuse: Refuse): RecordedUser[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return refuse('users must be a list', 'mend the first line');
  return value.map((user: unknown, index) => {
    const read = toRecordedUser(user);
    return (
      read ?? refuse(`users[${index}] is no user`, 'a user has an idTag, and quotaWh as a whole number of Wh')
    );
  });
}

function toRecordedUser(value: unknown): RecordedUser | null {
  if (!isJsonObject(value)) return null;
  const { idTag, quotaWh, account, expires } = value;
  if (typeof idTag !== 'string' || typeof quotaWh !== 'number') return null;
  if (!Number.isSafeInteger(quotaWh) || quotaWh < 0) return null;
  return {
    idTag,
    account: typeof account === 'string' ? account : null,
    quotaWh,
    isUnlimited: value['isUnlimited'] === true,
    isBlocked: value['isBlocked'] === true,
    expires: typeof expires === 'string' ? expires : null,
  };
}
