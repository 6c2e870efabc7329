// meter_data_log.json: the newest readings, newest last: W, kWh as on the charger's register, Hz.
import { kWhOf } from '../../domain/energy.ts';
import type { Reading } from '../../domain/reading.ts';
import { readingIdText } from '../../domain/reading-id.ts';
import { utcTime } from './utc-time.ts';

/** Keeps the newest readings; a busy site has many times as many as are ever shown, so only those are rendered. */
export class MeterDataLog {
  readonly #maxEntries: number;
  #newest: Reading[] = [];

  constructor(maxEntries: number, readings: readonly Reading[]) {
    this.#maxEntries = maxEntries;
    this.add(readings);
  }

  add(readings: readonly Reading[]): void {
    for (const reading of readings) this.#newest.push(reading);
    // Cut only now and then: removing from the front moves all the rest.
    if (this.#newest.length > 2 * this.#maxEntries) this.#newest = this.#newest.slice(-this.#maxEntries);
  }

  render(): string {
    const shown = this.#newest.slice(-this.#maxEntries);
    return shown.length === 0 ? '[]\n' : `[\n${shown.map(render).join(',\n')}\n]\n`;
  }
}

/** A reading as other programs get it: in the shared file, and at the external API. */
export function meterRecord(reading: Reading): object {
  const { registerWh, frequencyMilliHz } = reading;
  return {
    ID: readingIdText(reading.id),
    timestamp: utcTime(reading.at),
    userName: reading.userName,
    chargerName: reading.chargePointId,
    totalPower: reading.powerW,
    deliveredEnergy: registerWh === null ? null : kWhOf(registerWh),
    frequency: frequencyMilliHz === null ? null : frequencyMilliHz / 1000,
  };
}

function render(reading: Reading): string {
  return `  ${JSON.stringify(meterRecord(reading))}`;
}
