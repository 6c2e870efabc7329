// What is known of one session, as lines: in short under a list, in full on its own screen.
import type { Session, SessionDetails } from '../../src/api/contract/sessions.ts';
import { plugName, sessionUser } from '../data/connectors.ts';
import type { World } from '../desk/desk.ts';
import { wrapped } from '../dialog/body.ts';
import { kw, kwh, kwhNumber } from '../text/figures.ts';
import { endText, evidenceText, oddities, originText, stopText } from '../text/session-words.ts';
import { duration, msOf } from '../text/times.ts';
import type { Role } from '../theme/role.ts';
import { line, span, type Line } from '../widget/line.ts';

/** Four lines or a few more; the most important first. */
export function briefLines(world: World, session: Session, width: number): readonly Line[] {
  const { idTag, chargerId, connectorId, energyWh } = session;
  const who = sessionUser(session);
  const card = who === idTag ? '' : `   card ${idTag}`;
  return [
    line(span(who, 'strong'), span(`${card}   ${plugName(chargerId, connectorId)}`, 'secondary')),
    line(`${kwh(energyWh)}, ${spanText(world, session)}`, span(meterText(session, '   meter '), 'secondary')),
    session.end === null ? runningLine(world, session) : endLine(session),
    ...oddLines(session, width),
  ];
}

/** `13:58 to 15:12 (1 h 14)`, `since 13:58 (34 min)`. */
function spanText({ times, nowMs }: World, { startedAt, end }: Session): string {
  const startMs = msOf(startedAt) ?? nowMs;
  const endMs = msOf(end?.at);
  const start = times.short(startMs, nowMs);
  if (endMs === null) return `since ${start} (${duration(nowMs - startMs)})`;
  return `${start} to ${times.short(endMs, nowMs)} (${duration(endMs - startMs)})`;
}

function meterText({ meterStartWh, meterWh, end }: Session, before: string): string {
  const last = end?.meterStopWh ?? meterWh;
  if (meterStartWh === null && last === null) return '';
  const figure = (wh: number | null) => (wh === null ? '?' : kwhNumber(wh));
  return `${before}${figure(meterStartWh)} to ${figure(last)} kWh`;
}

function runningLine(world: World, session: Session): Line {
  const { powerW, connectorStatus, stop } = session;
  const now = [connectorStatus, powerW === null ? '' : kw(powerW)].filter((text) => text !== '').join(' ');
  return line(
    span(now === '' ? 'Running' : now, 'active'),
    `   ${quotaText(world, session)}`,
    span(stop === null ? '' : `   being stopped: ${stopText(stop)}`, 'warning'),
  );
}

/** `4.8 kWh left, stops at 15:12`. */
function quotaText({ times, nowMs }: World, { leftWh, quotaEndsAt, userName }: Session): string {
  if (leftWh === null) return userName === '' ? 'no user of this card is known' : 'no limit';
  const endsMs = msOf(quotaEndsAt);
  return `${kwh(leftWh)} left${endsMs === null ? '' : `, stops at ${times.short(endsMs, nowMs)}`}`;
}

function endLine(session: Session): Line {
  const evidence = session.end?.evidence ?? '';
  const isSure = evidence === 'meterStop';
  return line(
    `${sentence(endText(session) ?? '')} `,
    span(evidenceText(evidence), isSure ? 'secondary' : 'warning'),
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function oddLines(session: Session, width: number): readonly Line[] {
  const text = oddities(session).join(' ');
  return text === '' ? [] : wrapped(text, width).map((one) => inRole(one, 'warning'));
}

function inRole(one: Line, role: Role): Line {
  return line(...one.spans.map(({ text }) => span(text, role)));
}

const NAME_WIDTH = 10;

/** All that is known of it but its days and the stop ladder. */
export function fullLines(
  world: World,
  session: Session,
  details: SessionDetails | null,
  width: number,
): readonly Line[] {
  const rows = [
    ['user', sessionUser(session)],
    ['card', session.idTag],
    ['charger', plugName(session.chargerId, session.connectorId)],
    ['started', startText(world, session, details)],
    ...(session.end === null ? runningRows(world, session) : endRows(world, session)),
    ['energy', kwh(session.energyWh)],
    ['meter', meterText(session, '') || 'not told'],
    ...(details === null ? [] : detailRows(details)),
    ...oddities(session).map((text, index) => [index === 0 ? 'odd' : '', text] as const),
  ] as const;
  return rows.flatMap(([name, text]) => named(name, text, width));
}

function startText({ times, nowMs }: World, { startedAt }: Session, details: SessionDetails | null): string {
  const origin = details === null ? '' : originText(details);
  return `${times.short(msOf(startedAt) ?? 0, nowMs)}${origin === '' ? '' : `, ${origin}`}`;
}

function runningRows(world: World, session: Session): readonly (readonly [string, string])[] {
  const { connectorStatus, powerW, stop } = session;
  const now = [connectorStatus, powerW === null ? '' : kw(powerW)].filter((text) => text !== '').join(', ');
  return [
    ['runs', spanText(world, session)],
    ['now', now === '' ? 'nothing is told' : now],
    ['quota', quotaText(world, session)],
    ...(stop === null ? [] : [['stopping', stopText(stop)] as const]),
  ];
}

function endRows({ times, nowMs }: World, session: Session): readonly (readonly [string, string])[] {
  const { startedAt, end } = session;
  const endMs = msOf(end?.at) ?? nowMs;
  return [
    ['ended', `${times.short(endMs, nowMs)}, after ${duration(endMs - (msOf(startedAt) ?? endMs))}`],
    ['why', endText(session) ?? ''],
    ['evidence', evidenceText(end?.evidence ?? '')],
  ];
}

const LIMITS = {
  throttle: 'throttled: the quota is used up',
  guard: 'guarded: the charger holds the quota by itself',
} as const;

function detailRows({
  limit,
  suspectedUnit,
  chargerIds,
}: SessionDetails): readonly (readonly [string, string])[] {
  return [
    ...(limit === null ? [] : [['limit', LIMITS[limit]] as const]),
    ...(suspectedUnit === null
      ? []
      : [['unit', `its samples seem to be in ${suspectedUnit}, though they say another`] as const]),
    ...(chargerIds.length === 0 ? [] : [['other ids', chargerIds.join(', ')] as const]),
  ];
}

/** A name, and beside it a text that may take several lines. */
function named(name: string, text: string, width: number): readonly Line[] {
  const lines = wrapped(text, width - NAME_WIDTH);
  return lines.map((one, index) =>
    line(span((index === 0 ? name : '').padEnd(NAME_WIDTH), 'secondary'), ...one.spans),
  );
}
