// A session as text, as the store keeps it: JSON that says nothing twice, for it is made for each sample.
import type { EnergyAccount } from './energy-account.ts';
import type { EnergyByDay } from './energy.ts';
import { isRunning, sessionId, type Session } from './session.ts';

/** Running sessions whose beginning is kept as text, at most: then all are forgotten, and made again when they are needed. */
const MAX_HEADS = 50_000;

interface Head {
  readonly session: Session;
  /** Without the brace that ends it. */
  readonly json: string;
}

type Line = EnergyAccount['lines'][number];
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Absent<T> = { readonly [K in keyof T]?: T[K] | undefined };
type StoredLine = Omit<Line, 'energyAtLast'> & Absent<Pick<Line, 'energyAtLast'>>;

interface StoredAccount extends Absent<Omit<EnergyAccount, 'lines'>> {
  /** Without their energy where that is the account's. */
  readonly lines?: readonly StoredLine[] | undefined;
}

type OptionalMember = 'user' | 'unitWatch' | 'suspectedUnit' | 'stop' | 'end';

/** Absent: of the account `energyByDay` and `flags` are the session's and `lines` empty; all other members are null. */
type StoredSession = Omit<Session, 'account' | OptionalMember> &
  Absent<Pick<Session, OptionalMember>> & { readonly account: StoredAccount };

const heads = new Map<string, Head>();

export function sessionJson(session: Session): string {
  const { account, energyByDay, flags, unitWatch, suspectedUnit, stop, end } = session;
  const { stopRungs, chargerIds, intervals, startedBy, limit, wanted } = session;
  const rest = {
    account: storedAccount(account, session),
    energyByDay,
    flags,
    unitWatch: unitWatch ?? undefined,
    suspectedUnit: suspectedUnit ?? undefined,
    stop: stop ?? undefined,
    end: end ?? undefined,
    ...{ stopRungs, chargerIds, intervals, startedBy, limit, wanted },
  };
  return `${headOf(session)},${JSON.stringify(rest).slice(1)}`;
}

export function sessionFromJson(json: string): Session {
  const stored = JSON.parse(json) as Mutable<StoredSession>;
  complete(stored.account, stored);
  stored.user ??= null;
  stored.unitWatch ??= null;
  stored.suspectedUnit ??= null;
  stored.stop ??= null;
  stored.end ??= null;
  return stored as Session;
}

/** What hardly ever changes while a session runs, written once and not with each sample. */
function headOf(session: Session): string {
  if (!isRunning(session)) {
    heads.delete(sessionId(session));
    return makeHead(session);
  }
  const id = sessionId(session);
  const known = heads.get(id);
  if (known && hasSameHead(known.session, session)) return known.json;
  if (heads.size >= MAX_HEADS) heads.clear();
  const json = makeHead(session);
  heads.set(id, { session, json });
  return json;
}

function makeHead(session: Session): string {
  const { transactionId, chargePointId, connectorId, idTag, origin, authorization } = session;
  const { user, startedMs, meterStartWh, startKey } = session;
  const names = { transactionId, chargePointId, connectorId, idTag, origin, authorization };
  return JSON.stringify({ ...names, user: user ?? undefined, startedMs, meterStartWh, startKey }).slice(
    0,
    -1,
  );
}

function hasSameHead(one: Session, other: Session): boolean {
  return (
    one.user === other.user &&
    one.startKey === other.startKey &&
    one.idTag === other.idTag &&
    one.connectorId === other.connectorId &&
    one.authorization === other.authorization &&
    one.origin === other.origin &&
    one.startedMs === other.startedMs &&
    one.meterStartWh === other.meterStartWh &&
    one.transactionId === other.transactionId &&
    one.chargePointId === other.chargePointId
  );
}

function storedAccount(account: EnergyAccount, session: Session): StoredAccount {
  const { start, lines, previous, energyByDay, flags } = account;
  return {
    start: start ?? undefined,
    lines: lines.length === 0 ? undefined : lines.map((line) => storedLine(line, energyByDay)),
    previous: previous ?? undefined,
    energyByDay: energyByDay === session.energyByDay ? undefined : energyByDay,
    flags: flags === session.flags ? undefined : flags,
  };
}

function storedLine(line: Line, energyByDay: EnergyByDay): StoredLine {
  const { last, energyAtLast, begunMs } = line;
  return energyAtLast === energyByDay ? { last, begunMs } : line;
}

/** In its place: it was read just now, and at a start there are years of them. */
function complete(
  account: Mutable<StoredAccount>,
  { energyByDay, flags }: Pick<Session, 'energyByDay' | 'flags'>,
): void {
  account.start ??= null;
  account.lines ??= [];
  account.previous ??= null;
  account.energyByDay ??= energyByDay;
  account.flags ??= flags;
  for (const line of account.lines as Mutable<StoredLine>[]) line.energyAtLast ??= account.energyByDay;
}
