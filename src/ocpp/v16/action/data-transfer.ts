// DataTransfer from a charge point: answered politely, its data goes nowhere.
import type { Log } from '../../../runtime/log.ts';
import type { Route } from '../route.ts';

/**
 * Vendors in `acceptedVendors` hear Accepted, others UnknownVendorId as clause 4.3 asks.
 * Never a CALLERROR: data may be an object, a number or 64 kB of text, and some chargers repeat for ever what failed.
 */
export function createDataTransfer(
  log: Log,
  acceptedVendors: ReadonlySet<string> = new Set(),
): Route<'DataTransfer'> {
  return {
    action: 'DataTransfer',
    waitsForDisk: false,
    forgives: 'everything',
    handle({ chargePointId, request }) {
      const { vendorId = '', messageId } = request;
      log.debug('STATUS', 'data transfer from a charger', { charger: chargePointId, vendorId, messageId });
      return { status: acceptedVendors.has(vendorId) ? 'Accepted' : 'UnknownVendorId' };
    },
  };
}
