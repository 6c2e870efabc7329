// The files of a running site: users1.csv in force, the old stack's files taken over, the four views. Part of the composition root.
import type { SiteCalendar } from './domain/site-calendar.ts';
import { settingsFor } from './config/charger-settings.ts';
import type { Config } from './config/schema.ts';
import { begin, isFresh, putUsersInForce, type Services } from './csms/services.ts';
import { createLiveViews, type LiveViews } from './files/live-views.ts';
import { readOldStack } from './files/old-stack.ts';
import { openUsersFile, type UsersFile } from './files/users-file.ts';
import type { MeterDataLog } from './files/view/meter-data-log.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

export interface SiteFileOptions {
  readonly config: Config;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Whoever stands there may charge from now on. */
export function openUsers(
  { config, dataDir, clock, log }: SiteFileOptions,
  services: Services,
): Promise<UsersFile> {
  return openUsersFile({
    ...{ dataDir, encoding: config.data.usersEncoding, clock, log, alarms: services.alarms },
    onUsers: (users) => putUsersInForce(services, users),
  });
}

/** The store has never been used: what the old stack left is the beginning. */
export async function takeOverWhenFresh(
  { dataDir, clock, log }: SiteFileOptions,
  services: Services,
  calendar: SiteCalendar,
): Promise<void> {
  if (!isFresh(services)) return;
  const { files, problems } = await readOldStack(dataDir);
  for (const problem of problems) log.warn('DATA', problem);
  begin(services, files, calendar, clock.now(), log);
  await services.journal.durable();
}

/** What is published of what becomes durable. */
export function createViews(
  { config, dataDir, clock, log }: SiteFileOptions,
  services: Services,
  calendar: SiteCalendar,
  meterDataLog: MeterDataLog,
): LiveViews {
  const { journal, durable, users, chargePoints, publications, usageEdits } = services;
  const views = createLiveViews({
    dataDir,
    intervalMs: config.data.publishInterval,
    clock,
    log,
    state: durable,
    meterDataLog,
    presence: chargePoints,
    users: () => users.all(),
    userOf: (session) => users.ofSession(session),
    brandOf: ({ chargePointId, vendor }) => settingsFor(config, chargePointId).brand ?? vendor,
    currentMonth: () => calendar.monthAt(clock.now()),
    publications,
    settle: () => journal.durable(),
    onEdit: (base, changes) => usageEdits.apply(base, changes),
  });
  journal.onDurable(() => views.touch());
  return views;
}
