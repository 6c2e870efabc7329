// The services of one site, joined: what a charger's messages, the files and the API act through.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Reading } from '../domain/reading.ts';
import type { RecordVersion } from '../domain/record.ts';
import { isRunning } from '../domain/session.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import { SiteState } from '../domain/site-state.ts';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { Admissions, type AdmissionRules } from './admissions.ts';
import { watchAdopted, watchAllAdopted } from './adopted-sessions.ts';
import { Alarms } from './alarms.ts';
import { Authorizer } from './authorizer.ts';
import { ChargePoints } from './charge-points.ts';
import { ChargerAdmin } from './charger-admin.ts';
import { ChargerClocks } from './charger-clocks.ts';
import { Configurations } from './command/configurations.ts';
import { ChargerPasswords } from './credential/passwords.ts';
import type { Wanted } from './commissioning.ts';
import { Journal, type Committer } from './journal.ts';
import type { MeterSettings } from './meter-settings.ts';
import { createEnforcement, type Enforcement, type EnforcementRules } from './enforcement.ts';
import { Enrolments } from './enrolments.ts';
import { Grants } from './grants.ts';
import { Quotas, type QuotaRules } from './quotas.ts';
import { Quirks } from './quirks.ts';
import { Readings } from './readings.ts';
import type { Remote } from './remote.ts';
import { SampleBooking } from './sample-booking.ts';
import { SessionCommands } from './session-commands.ts';
import { Sessions } from './sessions.ts';
import { ShownCards } from './shown-cards.ts';
import { takeOver, type OldFiles } from './takeover.ts';
import { Tokens } from './tokens.ts';
import { TransactionIds, type NextTransactionId } from './transaction-ids.ts';
import { askForUnit, settleUnits } from './unit-questions.ts';
import { UnknownTags } from './unknown-tags.ts';
import { UsageEdits } from './usage-edits.ts';
import { UsagePublications } from './usage-publications.ts';
import { Users, type IdTagMatch } from './users.ts';

/** What the store had at the start: see Store.load. */
export interface LoadedState {
  readonly records: readonly RecordVersion[];
  readonly readings: readonly Reading[];
  readonly readingIds: readonly number[];
}

export interface ServiceParts {
  readonly store: Committer;
  readonly loaded: LoadedState;
  readonly calendar: SiteCalendar;
  readonly rules: QuotaRules;
  readonly admission: AdmissionRules;
  readonly idTagMatch: IdTagMatch;
  readonly meterSettingsOf: (chargePointId: string) => MeterSettings;
  readonly enforcement: EnforcementRules;
  readonly remote: Remote;
  /** Where transaction ids come from, other than from the journal's lease: a replay has the recorded ones. */
  readonly nextTransactionId?: NextTransactionId | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Services extends Enforcement {
  readonly alarms: Alarms;
  readonly journal: Journal;
  /** Everything that is on disk, and nothing else: what may be shown. */
  readonly durable: SiteState;
  readonly users: Users;
  readonly quotas: Quotas;
  readonly chargePoints: ChargePoints;
  readonly admissions: Admissions;
  readonly passwords: ChargerPasswords;
  readonly chargerAdmin: ChargerAdmin;
  readonly sessions: Sessions;
  readonly sessionCommands: SessionCommands;
  readonly tokens: Tokens;
  readonly authorizer: Authorizer;
  readonly configurations: Configurations;
  /** The chargers, observed: what is read of their configurations is noted. */
  readonly remote: Remote;
  readonly quirks: Quirks;
  readonly publications: UsagePublications;
  readonly usageEdits: UsageEdits;
  readonly unknownTags: UnknownTags;
  readonly enrolments: Enrolments;
  readonly grants: Grants;
}

const NODE = 'node';
const NODE_BYTES = 4;

/** The journal of what is stored, with both states as they are on disk. */
function openJournal({ store, loaded, calendar, log }: ServiceParts): Journal {
  const live = new SiteState(calendar);
  for (const record of loaded.records) live.apply(record);
  const durable = live.copy();
  const known = live.other('site', NODE) as { node: string } | undefined;
  const node = known?.node ?? randomBytes(NODE_BYTES).toString('hex');
  const lastReadingSeq = loaded.readings.at(-1)?.seq ?? 0;
  return new Journal({ store, node, live, durable, loaded: loaded.records, lastReadingSeq, log });
}

export function createServices(parts: ServiceParts): Services {
  const { calendar, meterSettingsOf, clock, log } = parts;
  const journal = openJournal(parts);
  const { live } = journal;
  const configurations = new Configurations(journal, clock);
  const passwords = new ChargerPasswords({ journal, clock, log });
  const remote = passwords.observe(configurations.observe(parts.remote));
  const quirks = new Quirks(journal);
  const alarms = new Alarms(clock, log);
  const users = new Users(parts.idTagMatch);
  const admissions = new Admissions(journal, parts.admission);
  const chargePoints = new ChargePoints({ journal, admissions, rules: parts.admission, clock, log });
  const quotas = new Quotas({ users, live, calendar, rules: parts.rules, clock });
  const enforcement = createEnforcement({
    ...{ journal, quotas, users, alarms, calendar, remote, meterSettingsOf, clock, log },
    rules: withoutWaiting(parts.enforcement, admissions),
  });
  const { enforcer, forecasts } = enforcement;
  watchAllAdopted(alarms, live);
  settleUnits(journal, alarms, meterSettingsOf, log);
  const publications = new UsagePublications(journal);
  const cards = new ShownCards();
  const unknownTags = new UnknownTags(users);
  const clocks = new ChargerClocks(journal, quirks, log);
  const booking = createBooking(parts, { journal, clocks, quirks, alarms });
  const sessions = new Sessions({
    ...{ journal, users, quotas, cards, unknownTags, quirks, booking, clocks, meterSettingsOf, log },
    ids: new TransactionIds(journal, clock.now(), parts.nextTransactionId),
    onChange(session, sample) {
      watchAdopted(alarms, live, session);
      if (sample && isRunning(session)) forecasts.sampled(session, sample);
      enforcer.reviewAccountOf(session);
    },
  });
  return {
    authorizer: new Authorizer({ quotas, cards, unknownTags, clock, log }),
    configurations,
    remote,
    alarms,
    journal,
    durable: journal.durableState,
    users,
    quotas,
    ...enforcement,
    quirks,
    publications,
    chargePoints,
    admissions,
    passwords,
    chargerAdmin: new ChargerAdmin({
      ...{ journal, admissions, chargePoints, alarms, remote, log },
      commissioning: enforcement.commissioning,
      onForgotten(chargePointId, by) {
        quirks.forget(chargePointId);
        void passwords.clear(chargePointId, by);
      },
    }),
    sessions,
    sessionCommands: new SessionCommands({
      ...{ journal, sessions, enforcer, remote, meterSettingsOf, clock, log },
    }),
    tokens: new Tokens({ journal, clock, log }),
    unknownTags,
    enrolments: new Enrolments(unknownTags, clock),
    ...createEntries(parts, journal, publications, enforcer),
  };
}

function createBooking(
  { loaded, calendar, meterSettingsOf, clock }: ServiceParts,
  {
    journal,
    clocks,
    quirks,
    alarms,
  }: Pick<Services, 'journal' | 'quirks' | 'alarms'> & { clocks: ChargerClocks },
): SampleBooking {
  return new SampleBooking({
    ...{ journal, clocks, calendar, meterSettingsOf },
    readings: new Readings(journal, loaded.readingIds),
    onUnitInDoubt(session) {
      quirks.seen(session.chargePointId, 'unit-in-doubt', clock.now());
      askForUnit(alarms, session);
    },
  });
}

/** What changes a month beside sessions. */
function createEntries(
  { calendar, clock, log }: ServiceParts,
  journal: Journal,
  publications: UsagePublications,
  enforcer: Enforcement['enforcer'],
): Pick<Services, 'grants' | 'usageEdits'> {
  return {
    grants: new Grants({
      ...{ journal, calendar, clock, log, newId: randomUUID },
      onGranted: () => enforcer.reviewAll(),
    }),
    usageEdits: new UsageEdits({ journal, publications, clock, log, onAdjusted: () => enforcer.reviewAll() }),
  };
}

/** Nothing is set at a charger that waits for approval: it may be anybody's. */
function withoutWaiting(rules: EnforcementRules, admissions: Admissions): EnforcementRules {
  const nothing: Wanted = { keys: {}, localStart: 'allow' };
  return {
    ...rules,
    wantedOf: (chargePointId) =>
      admissions.of(chargePointId) === 'pending' ? nothing : rules.wantedOf(chargePointId),
  };
}

/** New users are in force: sessions remember theirs, and who may not charge any more has to stop. */
export function putUsersInForce(services: Services, users: readonly User[]): void {
  services.users.replace(users);
  services.warnings.learn(users);
  services.sessions.usersChanged();
  services.enforcer.reviewAll();
}

/** Whether the store has never been used. */
export function isFresh(services: Services): boolean {
  return services.journal.live.other('site', NODE) === undefined;
}

/** The first start: the store is marked as begun and takes over what the old stack left, all in one commit. */
export function begin(
  services: Services,
  files: OldFiles,
  calendar: SiteCalendar,
  nowMs: number,
  log: Log,
): void {
  const { journal, publications, users } = services;
  const found = takeOver(files, { calendar, nowMs, findUser: (idTag) => users.find(idTag) });
  journal.put('site', NODE, { node: journal.node }, null, null);
  for (const entry of found.entries) journal.putEntry(entry);
  for (const session of found.sessions) journal.putSession(session);
  for (const chargePoint of found.chargePoints) journal.putChargePoint(chargePoint);
  for (const reading of found.readings) journal.addReading(reading);
  for (const problem of found.problems) log.warn('DATA', 'left out of the take-over', { problem });
  // What the usage file says is ours from here on: only what another program changes in it is an edit.
  if (files.energyUsage !== undefined) publications.put(found.month, found.usedWhByTag, nowMs);
  if (found.entries.length + found.sessions.length + found.chargePoints.length === 0) return;
  log.info('DATA', 'took over from the old files', {
    users: found.entries.length,
    sessions: found.sessions.length,
    chargers: found.chargePoints.length,
    readings: found.readings.length,
  });
}
