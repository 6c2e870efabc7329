// `kwota simulate`: simulated chargers until Ctrl-C or the end of their scenario, a line for what happens, and at the end
// what it came to, beside what the server has booked.
import type { ApiAccess } from '../../src/api/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { printable } from '../../src/runtime/printable.ts';
import type { ChargerRow, TellEvent } from '../../src/simulator/charger-group.ts';
import type { SimulatorEvent } from '../../src/simulator/event.ts';
import { Fleet } from '../../src/simulator/fleet.ts';
import type { Profile, RemoteStopBehaviour } from '../../src/simulator/profile.ts';
import { profilesNamed } from '../../src/simulator/profiles/known.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { Stage } from '../../src/simulator/stage.ts';
import { watchBookedEnergy } from '../booked-energy.ts';
import { goOnWithoutReader } from '../closed-output.ts';
import { readScenario } from '../scenario-file.ts';
import { isAsBooked, reportText } from '../simulate-report.ts';

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
  /** Of the scenario, or 1, unless told. */
  readonly speed?: number;
  readonly seconds?: number;
  readonly seed: number;
  readonly remoteStop?: RemoteStopBehaviour;
  /** A file. */
  readonly scenario?: string;
  /** Whether nothing is told but the end. */
  readonly quiet?: boolean;
}

/** Fleet and Stage. */
interface Simulation {
  start(): void;
  end(): Promise<void>;
  report(): readonly ChargerRow[];
  /** Resolves when it has come to its end; left out: it never does. */
  readonly over?: Promise<void>;
}

/** `access`: of the API of the same server, to compare with; null: there is none. False: what was booked differs. */
export async function runSimulate(options: SimulateOptions, access: ApiAccess | null): Promise<boolean> {
  // The sessions are ended all the same.
  goOnWithoutReader();
  const scenario = options.scenario === undefined ? null : readScenario(options.scenario);
  const speed = options.speed ?? scenario?.speed ?? 1;
  const tell: TellEvent = (id, event) => {
    if (!options.quiet) print(`${new Date().toISOString()} ${id} ${eventText(event)}`);
  };
  const energy = access === null ? null : await watchBookedEnergy(access, systemClock.now());
  const simulation =
    scenario === null ? fleetOf(options, speed, tell) : stageOf(options, scenario, speed, tell);
  if (scenario !== null)
    print(`scenario: ${scenario.name}, ${scenario.chargers.length} chargers, speed ${speed}`);
  simulation.start();
  await untilToldToEnd(options.seconds, simulation.over);
  await simulation.end();
  const rows = simulation.report();
  const booked = energy === null ? null : await energy.booked();
  process.stdout.write(reportText(rows, booked, process.stdout.columns));
  return booked === null || isAsBooked(rows, booked);
}

function fleetOf(options: SimulateOptions, speed: number, tell: TellEvent): Simulation {
  const [first, ...others] = profilesNamed(options.profile);
  const { url, chargers, tags: idTags, power, seed } = options;
  return new Fleet({
    ...{ url, chargers, idTags, speed, seed, tell, clock: systemClock, powerW: power * W_PER_KW },
    profiles: [asAsked(first, options), ...others.map((profile) => asAsked(profile, options))],
  });
}

function stageOf(options: SimulateOptions, scenario: Scenario, speed: number, tell: TellEvent): Simulation {
  const { url, seed } = options;
  const chargers = scenario.chargers.map(({ id, profile }) => ({ id, profile: asAsked(profile, options) }));
  return new Stage({ url, seed, speed, tell, clock: systemClock, scenario: { ...scenario, chargers } });
}

/** The profile with what the command line says instead. */
function asAsked(profile: Profile, { interval, remoteStop = profile.remoteStop }: SimulateOptions): Profile {
  const { MeterValueSampleInterval: sampleInterval } = profile.configuration;
  const value = interval === undefined ? sampleInterval.value : String(interval);
  const configuration = { ...profile.configuration, MeterValueSampleInterval: { ...sampleInterval, value } };
  return { ...profile, remoteStop, configuration };
}

/** A second signal ends the process at once. */
function untilToldToEnd(seconds: number | undefined, over?: Promise<void>): Promise<void> {
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
    void over?.then(end);
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
