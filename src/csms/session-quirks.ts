// What the messages of transactions show of the charger that sent them. It counts quirks and decides nothing.
import { isNobodysTag } from '../domain/id-tag.ts';
import { parseDecimal, type SampledValue } from '../domain/meter-value.ts';
import type { QuirkId } from '../domain/quirk.ts';
import { isRunning, type Session } from '../domain/session.ts';
import type { Quirks } from './quirks.ts';
import type { MeterMessage, StartMessage, StopMessage } from './session-messages.ts';

const REGISTER = 'Energy.Active.Import.Register';
const INTERVAL = 'Energy.Active.Import.Interval';
const POWER = 'Power.Active.Import';

/** A StartTransaction that began `session`; `isLate` when its stop was known before. */
export function seeStart(quirks: Quirks, message: StartMessage, session: Session, isLate: boolean): void {
  const { chargePointId, idTag, receivedAtMs } = message;
  const see = (quirk: QuirkId) => quirks.seen(chargePointId, quirk, receivedAtMs);
  if (isNobodysTag(idTag)) see('starts-without-card');
  if (session.idTag !== idTag) see('tag-in-other-spelling');
  if (session.meterStartWh === null) see('meter-unreadable');
  if (isLate) see('stop-before-start');
  quirks.seenOn(null, session, receivedAtMs);
}

/** A MeterValues that belongs to `found`; null: to no session that is known. */
export function seeSamples(quirks: Quirks, message: MeterMessage, found: Session | null): void {
  const { chargePointId, transactionId, receivedAtMs } = message;
  const see = (quirk: QuirkId) => quirks.seen(chargePointId, quirk, receivedAtMs);
  if (transactionId !== null && transactionId !== found?.transactionId)
    see(found ? 'own-transaction-id' : 'transaction-not-started');
  if (found && !isRunning(found)) see('samples-after-stop');
  for (const { sampledValue } of message.meterValue) {
    if (!sampledValue) continue;
    seeRegisters(sampledValue, see);
    if (found?.account.lines.length === 0 && isPowerOnly(sampledValue)) see('power-only');
  }
}

/** A StopTransaction of `found`; null: of no session that is known. */
export function seeStop(
  quirks: Quirks,
  message: StopMessage,
  found: Session | null,
  meterStopWh: number | null,
): void {
  const { chargePointId, receivedAtMs } = message;
  const see = (quirk: QuirkId) => quirks.seen(chargePointId, quirk, receivedAtMs);
  if (!found) see('stop-without-start');
  else if (found.end?.evidence === 'meterStop') see('repeated-stop');
  if (meterStopWh === null) see('meter-unreadable');
  for (const { sampledValue } of message.transactionData) if (sampledValue) seeRegisters(sampledValue, see);
}

function seeRegisters(samples: readonly SampledValue[], see: (quirk: QuirkId) => void): void {
  let totals = 0;
  let phases = 0;
  for (const sample of samples) {
    if (!isRegister(sample) || sample.format === 'SignedData') continue;
    const value = parseDecimal(sample.value);
    if (value === null || value < 0) {
      see('meter-unreadable');
      continue;
    }
    if (sample.unit?.toLowerCase() === 'kwh') see('register-in-kwh');
    if ((sample.phase ?? '') === '') totals += 1;
    else phases += 1;
  }
  if (totals > 1) see('several-registers');
  if (totals === 0 && phases > 0) see('phases-summed');
}

/** Without a measurand it is the register, where the unit is one of energy (OCPP 1.6 §7.43). */
function isRegister({ measurand = '', unit = '' }: SampledValue): boolean {
  return measurand === '' ? /^(k?wh)?$/i.test(unit) : measurand === REGISTER;
}

function isPowerOnly(samples: readonly SampledValue[]): boolean {
  const hasEnergy = samples.some((sample) => isRegister(sample) || sample.measurand === INTERVAL);
  return !hasEnergy && samples.some(({ measurand }) => measurand === POWER);
}
