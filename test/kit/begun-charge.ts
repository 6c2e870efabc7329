// TAG1 begins to charge at a server, and tells what its meter shows.
import { ChargePoint, registerSample } from './charge-point.ts';
import type { KwotaProcess } from './kwota-process.ts';

const BEGUN_AGO_MS = 600_000;

/** Begins a charge; what is returned tells a register in Wh, and resolves with the transaction when that is answered. */
export async function beginCharge({
  ocppUrl,
}: Pick<KwotaProcess, 'ocppUrl'>): Promise<(wh: number) => Promise<unknown>> {
  const charger = await ChargePoint.connect(ocppUrl, 'CP1');
  const timestamp = new Date(Date.now() - BEGUN_AGO_MS).toISOString();
  const begin = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', begin);
  return async (wh) => {
    const meterValue = [registerSample(wh, new Date())];
    await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    return transactionId;
  };
}
