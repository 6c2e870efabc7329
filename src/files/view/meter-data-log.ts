// meter_data_log.json: the newest readings, newest last: W, kWh as on the charger's register, Hz.
import { kWhOf } from '../../domain/energy.ts';
import type { Reading } from '../../domain/reading.ts';
import { utcTime } from './utc-time.ts';

/** Keeps the newest readings and renders each only once. */
export class MeterDataLog {
  readonly #maxEntries: number;
  readonly #lines: string[] = [];

  constructor(maxEntries: number, readings: readonly Reading[]) {
    this.#maxEntries = maxEntries;
    this.add(readings);
  }

  add(readings: readonly Reading[]): void {
    for (const reading of readings) this.#lines.push(render(reading));
    if (this.#lines.length > this.#maxEntries) this.#lines.splice(0, this.#lines.length - this.#maxEntries);
  }

  render(): string {
    return this.#lines.length === 0 ? '[]\n' : `[\n${this.#lines.join(',\n')}\n]\n`;
  }
}

function render(reading: Reading): string {
  const { registerWh, frequencyMilliHz } = reading;
  const shown = {
    ID: reading.id,
    timestamp: utcTime(reading.at),
    userName: reading.userName,
    chargerName: reading.chargePointId,
    totalPower: reading.powerW,
    deliveredEnergy: registerWh === null ? null : kWhOf(registerWh),
    frequency: frequencyMilliHz === null ? null : frequencyMilliHz / 1000,
  };
  return `  ${JSON.stringify(shown)}`;
}
