// A session as text, as the store keeps it: JSON without what another member says already. Smaller by a third, for it is made for each sample.
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

interface StoredAccount extends Absent<Omit<EnergyAccount, 'lines' | 'energyByDay'>> {
  readonly energyByDay: EnergyByDay;
  /** The current one without its energy, where that is the account's. */
  readonly lines?: readonly StoredLine[] | undefined;
}

type OptionalMember = 'user' | 'energyByDay' | 'flags' | 'unitWatch' | 'suspectedUnit' | 'stop' | 'end';

/** Absent: `energyByDay` and `flags` are the account's, all other members are null (of the account: or empty). */
type StoredSession = Omit<Session, 'account' | OptionalMember> &
  Absent<Pick<Session, OptionalMember>> & { readonly account: StoredAccount };

const heads = new Map<string, Head>();

export function sessionJson(session: Session): string {
  const { account, energyByDay, flags, unitWatch, suspectedUnit, stop, end } = session;
  const { stopRungs, chargerIds, startedBy, limit, wanted } = session;
  const rest = {
    account: storedAccount(account),
    energyByDay: energyByDay === account.energyByDay ? undefined : energyByDay,
    flags: flags === account.flags ? undefined : flags,
    unitWatch: unitWatch ?? undefined,
    suspectedUnit: suspectedUnit ?? undefined,
    stop: stop ?? undefined,
    end: end ?? undefined,
    ...{ stopRungs, chargerIds, startedBy, limit, wanted },
  };
  return `${headOf(session)},${JSON.stringify(rest).slice(1)}`;
}

export function sessionFromJson(json: string): Session {
  const stored = JSON.parse(json) as Mutable<StoredSession>;
  const account = complete(stored.account);
  stored.user ??= null;
  stored.energyByDay ??= account.energyByDay;
  stored.flags ??= account.flags;
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

function storedAccount({ start, lines, previous, energyByDay, flags }: EnergyAccount): StoredAccount {
  return {
    start: start ?? undefined,
    lines: lines.length === 0 ? undefined : lines.map((line) => storedLine(line, energyByDay)),
    previous: previous ?? undefined,
    energyByDay,
    flags: flags.length === 0 ? undefined : flags,
  };
}

function storedLine(line: Line, energyByDay: EnergyByDay): StoredLine {
  const { last, energyAtLast, begunMs } = line;
  return energyAtLast === energyByDay ? { last, begunMs } : line;
}

/** In its place: it was read just now, and at a start there are years of them. */
function complete(stored: Mutable<StoredAccount>): EnergyAccount {
  stored.start ??= null;
  stored.lines ??= [];
  stored.previous ??= null;
  stored.flags ??= [];
  for (const line of stored.lines as Mutable<StoredLine>[]) line.energyAtLast ??= stored.energyByDay;
  return stored as EnergyAccount;
}
