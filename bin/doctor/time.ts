// Whether the clock can be right, and by which time zone a month turns.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { finding, type Finding } from './finding.ts';

const AHEAD_MS = 5 * 60_000;
/** Written by the server all the time. */
const WRITTEN = [
  '.kwota/kwota.sqlite',
  '.kwota/kwota.sqlite-wal',
  'charger_status.json',
  'energy_usage.json',
];
/** Where systemd-timesyncd says that it has found the time. */
const TIMESYNC = '/run/systemd/timesync';
const UTC = new Set(['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT']);

export interface TimeParts {
  readonly nowMs: number;
  /** Of this program; `unknown` from source. */
  readonly buildDate: string;
  readonly dataDir: string;
  readonly timeZone: string;
}

export function checkTime(parts: TimeParts): Finding[] {
  return [clockFinding(parts), zoneFinding(parts)];
}

function clockFinding({ nowMs, buildDate, dataDir, timeZone }: TimeParts): Finding {
  const now = new Date(nowMs).toLocaleString('sv-SE', { timeZone });
  const hint = 'set the clock, and let it be kept right (NTP): energy counts in the month in which it flowed';
  if (nowMs < Date.parse(buildDate))
    return finding('bad', 'clock', `it is ${now}, before this program was built (${buildDate})`, hint);
  const newestMs = Math.max(0, ...WRITTEN.map((name) => modifiedMs(join(dataDir, name))));
  if (newestMs > nowMs + AHEAD_MS) {
    const written = new Date(newestMs).toISOString();
    return finding(
      'bad',
      'clock',
      `it is ${now}, before the data folder was last written (${written})`,
      hint,
    );
  }
  if (existsSync(TIMESYNC) && !existsSync(join(TIMESYNC, 'synchronized')))
    return finding('warning', 'clock', `it is ${now}, and no time server has been heard yet`, hint);
  return finding('ok', 'clock', `it is ${now} in ${timeZone}`);
}

/** 0 for what is not there. */
function modifiedMs(path: string): number {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function zoneFinding({ timeZone }: TimeParts): Finding {
  if (!UTC.has(timeZone)) return finding('ok', 'zone', `months turn at midnight in ${timeZone}`);
  const hint = 'set site.timeZone, like Europe/Istanbul, if the site is elsewhere';
  return finding('warning', 'zone', `months turn at midnight UTC (${timeZone})`, hint);
}
