// `kwota simulate`: simulated chargers until Ctrl-C, a line for what happens, and what it came to at the end.
import { systemClock } from '../../src/runtime/clock.ts';
import type { SimulatorEvent } from '../../src/simulator/event.ts';
import { Fleet, type FleetRow } from '../../src/simulator/fleet.ts';
import type { Profile, RemoteStopBehaviour } from '../../src/simulator/profile.ts';
import { profilesNamed } from '../../src/simulator/profiles/known.ts';
import { goOnWithoutReader } from '../closed-output.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';

const W_PER_KW = 1000;
/** The simulator's timers do not hold the process; this one does while no connection does. */
const HOLD_MS = 60_000;

export interface SimulateOptions {
  readonly url: string;
  readonly chargers: number;
  readonly profile: string;
  readonly tags: readonly [string, ...string[]];
  /** In kW. */
  readonly power: number;
  /** In seconds. */
  readonly interval?: number;
  readonly speed: number;
  readonly seconds?: number;
  readonly seed: number;
  readonly remoteStop?: RemoteStopBehaviour;
}

export async function runSimulate(options: SimulateOptions): Promise<void> {
  // The sessions are ended all the same.
  goOnWithoutReader();
  const [first, ...others] = profilesNamed(options.profile);
  const { url, chargers, tags: idTags, power, speed, seed } = options;
  const fleet = new Fleet({
    ...{ url, chargers, idTags, speed, seed, clock: systemClock, powerW: power * W_PER_KW },
    profiles: [asAsked(first, options), ...others.map((profile) => asAsked(profile, options))],
    tell: (id, event) => print(`${new Date().toISOString()} ${id} ${eventText(event)}`),
  });
  fleet.start();
  await untilToldToEnd(options.seconds);
  await fleet.end();
  process.stdout.write(reportText(fleet.report(), process.stdout.columns));
}

/** The profile with what the command line says instead. */
function asAsked(profile: Profile, { interval, remoteStop = profile.remoteStop }: SimulateOptions): Profile {
  const { MeterValueSampleInterval: sampleInterval } = profile.configuration;
  const value = interval === undefined ? sampleInterval.value : String(interval);
  const configuration = { ...profile.configuration, MeterValueSampleInterval: { ...sampleInterval, value } };
  return { ...profile, remoteStop, configuration };
}

/** A second signal ends the process at once. */
function untilToldToEnd(seconds: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const hold = setInterval(() => undefined, HOLD_MS);
    let isEnding = false;
    const end = () => {
      clearInterval(hold);
      resolve();
    };
    const onSignal = () => {
      if (isEnding) process.exit(1);
      isEnding = true;
      end();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
    if (seconds !== undefined) setTimeout(end, seconds * 1000).unref();
  });
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

function eventText(event: SimulatorEvent): string {
  switch (event.kind) {
    case 'connected':
      return 'connected';
    case 'disconnected':
      return `not connected (${event.why}), again in ${(event.retryInMs / 1000).toFixed(1)} s`;
    case 'started':
      return `started connector=${event.connectorId} tag=${event.idTag} transaction=${event.transactionId ?? '-'}`;
    case 'stopped': {
      const { connectorId, idTag, transactionId, reason, trueWh, registerWh } = event;
      const energy = `wh=${Math.round(trueWh)} registerWh=${registerWh}`;
      return `stopped connector=${connectorId} tag=${idTag} transaction=${transactionId ?? '-'} reason=${reason} ${energy}`;
    }
    case 'refused':
      return `refused connector=${event.connectorId} tag=${event.idTag} status=${event.status}`;
    case 'command':
      return `was told ${event.action}, answered ${event.answer ?? 'nothing at all'}`;
    case 'problem':
      return `problem: ${event.what}`;
  }
}

function reportText(rows: readonly FleetRow[], maxWidth: number | undefined): string {
  const heading = ['CHARGER', 'PROFILE', 'SESSIONS', 'WH', 'REGISTER WH', 'SENT', 'RECEIVED', 'ERRORS'];
  const lines = rows.map(({ id, profile, tally }) => {
    const { sessions, trueWh, registerWh, framesSent, framesReceived, errors } = tally;
    const numbers = [sessions, Math.round(trueWh), registerWh, framesSent, framesReceived, errors];
    return [id, profile, ...numbers.map(String)];
  });
  const byTag = new Map<string, number>();
  for (const { tally } of rows)
    for (const [idTag, wh] of tally.registerWhByTag) byTag.set(idTag, (byTag.get(idTag) ?? 0) + wh);
  const tags = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1)).map(([idTag, wh]) => [idTag, String(wh)]);
  const width = maxWidth ?? Infinity;
  return `\n${table([heading, ...lines], width)}\n${table([['TAG', 'REGISTER WH'], ...tags], width)}`;
}
