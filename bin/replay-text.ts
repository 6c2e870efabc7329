// A replay's report as text for people. It decides nothing and adds nothing.
import { kWhOf } from '../src/domain/energy.ts';
import type { ReplayedQuota, ReplayedSession, ReplayReport } from '../src/replay-report.ts';
import { printable } from '../src/runtime/printable.ts';

/** Ends with a line end. */
export function reportText(report: ReplayReport): string {
  const { sessions, energy, quotas, alarms, quirks, otherAnswers, calls } = report;
  const lines = [
    ...headOf(report.recording),
    ...part('Sessions', sessions.flatMap(sessionLines), sessions.length),
    ...part(
      'Energy by month',
      energy.map(({ month, idTag, wh }) => `${month}  ${printable(idTag)}  ${kWh(wh)}`),
    ),
    ...part('Quotas at the end', quotas.map(quotaLine)),
    ...part(
      'Alarms at the end',
      alarms.map(({ since, message }) => `since ${since}: ${printable(message)}`),
    ),
    ...part(
      'Quirks seen',
      quirks.map(
        ({ quirk, count, first, last }) =>
          `${quirk}  ${count} times, ${first}${count === 1 ? '' : ` to ${last}`}`,
      ),
    ),
    ...part(
      'Answered differently from the recording',
      otherAnswers.map(
        ({ at, action, idTag, recorded, replayed }) =>
          `${at}  ${action} ${printable(idTag)}: ${printable(recorded)} in the recording, ${printable(replayed)} now`,
      ),
    ),
    ...part('Would have been sent to the charger', calls.map(callLine)),
  ];
  return `${lines.join('\n')}\n`;
}

function headOf(recording: ReplayReport['recording']): string[] {
  const { chargePointId, program, madeAt, timeZone, resetDay, from, to, warnings } = recording;
  const { lines, messages, unreadable } = recording;
  return [
    `Recording of ${printable(chargePointId)}, made ${printable(madeAt)} by ${printable(program)}`,
    `${timeZone}, a month begins on day ${resetDay}`,
    from === null ? 'the trace is empty' : `${from} to ${to ?? ''}`,
    `${lines} lines, ${messages} messages of the charger, ${unreadable} that cannot be read`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function part(title: string, lines: readonly string[], count = lines.length): string[] {
  return ['', `${title}: ${count === 0 ? 'none' : count}`, ...lines.map((line) => `  ${line}`)];
}

function sessionLines(session: ReplayedSession): string[] {
  const { transactionId, connectorId, idTag, origin, authorization, from, to, wh } = session;
  const { startRegisterWh, endRegisterWh, whByMonth, evidence, reason, flags, suspectedUnit, stop } = session;
  const register = `${startRegisterWh ?? 'unknown'} to ${endRegisterWh ?? 'unknown'} Wh`;
  const months = Object.entries(whByMonth).map(([month, ofMonth]) => `${month} ${kWh(ofMonth)}`);
  const end = evidence === null ? 'running' : `ended by ${evidence} (${printable(reason ?? '')})`;
  const doubts = [
    ...(stop === null ? [] : [`has to stop: ${stop}`]),
    ...(flags.length === 0 ? [] : [`flags: ${flags.join(', ')}`]),
    ...(suspectedUnit === null ? [] : [`counts in ${suspectedUnit}?`]),
  ];
  return [
    `${transactionId}  connector ${connectorId}  ${printable(idTag)}  ${authorization}  ${kWh(wh)}`,
    `  ${from} to ${to ?? 'now'}, register ${register}`,
    `  ${[`known by ${origin}`, end, ...months, ...doubts].join('; ')}`,
  ];
}

function quotaLine({ idTags, account, month, quotaWh, usedWh, leftWh }: ReplayedQuota): string {
  const whose = idTags.map(printable).join(' ');
  const shared = account === null ? '' : ` (account ${printable(account)})`;
  const left = quotaWh === null || leftWh === null ? 'unlimited' : `${kWh(leftWh)} left of ${kWh(quotaWh)}`;
  return `${whose}${shared}  ${month}: ${kWh(usedWh)} used, ${left}`;
}

function callLine(call: ReplayReport['calls'][number]): string {
  const { action, payload, answer, times, first, last } = call;
  const when = times === 1 ? first : `${first} to ${last}, ${times} times`;
  return `${when}  ${action} ${printable(JSON.stringify(payload))}: ${printable(answer)}`;
}

function kWh(wh: number): string {
  return `${kWhOf(wh).toFixed(3)} kWh`;
}
