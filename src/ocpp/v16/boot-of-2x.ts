// A BootNotification of OCPP 2.x that came over a 1.6 connection, put into the words of 1.6. No other message of 2.x is read.
import { isJsonObject } from './lenient.ts';

/** What 1.6 calls the members of `chargingStation`; undefined when the payload is not one of 2.x. */
export function bootOf2x(payload: unknown): Readonly<Record<string, unknown>> | undefined {
  const station = isJsonObject(payload) ? payload['chargingStation'] : undefined;
  if (!isJsonObject(station)) return undefined;
  return {
    chargePointVendor: station['vendorName'],
    chargePointModel: station['model'],
    chargePointSerialNumber: station['serialNumber'],
    firmwareVersion: station['firmwareVersion'],
  };
}
