// The four JSON files that other programs poll: rendered from durable state, replaced when that makes a difference.
import { join } from 'node:path';
import type { ChargePoint } from '../domain/charge-point.ts';
import type { Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { User } from '../domain/user.ts';
import { every, type Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts';
import { createUsageFile, type UsageFileParts } from './usage-file.ts';
import { renderActiveTransactions } from './view/active-transactions.ts';
import { chargerStatusView, type Presence } from './view/charger-status.ts';
import type { MeterDataLog } from './view/meter-data-log.ts';

/** How often the time of a charger's last message is brought up to date, and foreign changes of a view are looked for. */
const LOOK_EVERY_MS = 1_000;

export interface LiveViewsParts extends Pick<
  UsageFileParts,
  'publications' | 'onEdit' | 'settle' | 'currentMonth' | 'users'
> {
  readonly dataDir: string;
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly state: SiteState;
  readonly meterDataLog: MeterDataLog;
  readonly presence: Presence;
  readonly userOf: (session: Session) => User | null;
  readonly brandOf: (chargePoint: ChargePoint) => string;
}

export interface LiveViews {
  /** Durable state changed. */
  touch(): void;
  /** Names of files that cannot be written at present, with the reason. */
  failing(): readonly string[];
  /** Writes what is not written yet, then stops. */
  close(): Promise<void>;
}

export function createLiveViews(parts: LiveViewsParts): LiveViews {
  const { dataDir, intervalMs, clock, log, state } = parts;
  const publisher = (
    name: string,
    render: () => string,
    hooks: Pick<PublisherOptions, 'beforeReplace' | 'afterReplace'> = {},
  ) => createPublisher({ path: join(dataDir, name), clock, intervalMs, render, log, ...hooks });
  const usage = createUsageFile({ ...parts, path: join(dataDir, 'energy_usage.json'), touch: () => touch() });
  const { beforeReplace, afterReplace } = usage;
  const chargerStatus = publisher(
    'charger_status.json',
    chargerStatusView(state, parts.presence, parts.brandOf),
  );
  const publishers: readonly (readonly [string, Publisher])[] = [
    ['energy_usage.json', publisher('energy_usage.json', usage.render, { beforeReplace, afterReplace })],
    [
      'active_transactions.json',
      publisher('active_transactions.json', () =>
        renderActiveTransactions(state.runningSessions(), parts.userOf),
      ),
    ],
    ['charger_status.json', chargerStatus],
    ['meter_data_log.json', publisher('meter_data_log.json', () => parts.meterDataLog.render())],
  ];

  function touch(): void {
    for (const [, one] of publishers) one.touch();
  }

  const stopLooking = every(clock, LOOK_EVERY_MS, () => {
    chargerStatus.touch();
    for (const [, one] of publishers) {
      one
        .verify()
        .catch((cause: unknown) =>
          log.warn('DATA', 'a shared file cannot be looked at', { cause: String(cause) }),
        );
    }
  });
  touch();
  return {
    touch,
    failing: () =>
      publishers.flatMap(([name, one]) => {
        const { reason } = one.health();
        return reason === null ? [] : [`${name}: ${reason}`];
      }),
    async close() {
      stopLooking();
      await usage.examineFound();
      usage.close();
      for (const [, one] of publishers) one.close();
      await Promise.all(publishers.map(([, one]) => one.flush()));
    },
  };
}
