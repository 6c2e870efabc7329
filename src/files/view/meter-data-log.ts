// meter_data_log.json: the newest readings, newest last: W, kWh as on the charger's register, Hz.
import { kWhOf } from '../../domain/energy.ts';
import type { Reading } from '../../domain/reading.ts';
import { readingIdText } from '../../domain/reading-id.ts';
import { utcTime } from './utc-time.ts';

/** Keeps the newest readings as text. A busy site has many times as many as are ever shown, and only those are rendered. */
export class MeterDataLog {
  readonly #maxEntries: number;
  #waiting: Reading[] = [];
  #lines: string[] = [];
  #text = '[]\n';

  constructor(maxEntries: number, readings: readonly Reading[]) {
    this.#maxEntries = maxEntries;
    this.add(readings);
  }

  add(readings: readonly Reading[]): void {
    for (const reading of readings) this.#waiting.push(reading);
    // Cut only now and then: removing from the front moves all the rest.
    if (this.#waiting.length > 2 * this.#maxEntries) this.#waiting = this.#waiting.slice(-this.#maxEntries);
  }

  render(): string {
    if (this.#waiting.length === 0) return this.#text;
    const fresh = this.#waiting.slice(-this.#maxEntries).map(render);
    this.#waiting = [];
    this.#lines = [...this.#lines, ...fresh].slice(-this.#maxEntries);
    this.#text = `[\n${this.#lines.join(',\n')}\n]\n`;
    return this.#text;
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
