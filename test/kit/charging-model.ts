// Chargers as they are, and a ledger that adds up what flowed: messages to be delivered, late, twice, or between two crashes.
import type { MeterValue } from '../../src/csms/session-messages.ts';
import type { SiteCalendar } from '../../src/domain/site-calendar.ts';
import type { Site } from './services.ts';

/** What happens next on a connector, `seconds` after what happened last anywhere. Power stays below 22 kW. */
export interface Step {
  readonly connector: number;
  readonly action: 'start' | 'sample' | 'stop' | 'loseStop' | 'resetRegister' | 'goOffline' | 'comeBack';
  readonly idTag: string;
  readonly seconds: number;
  /** Of 22 kW, in percent. */
  readonly power: number;
  /** Whether the message leaves out what the standard lets it leave out, and repeats the samples when it stops. */
  readonly isTerse: boolean;
}

/** A message with a timestamp of its own, which can be delivered at any time and any number of times. */
export type Delivery = (site: Site) => void;

interface Charge {
  readonly idTag: string;
  transactionId: number;
  readonly samples: MeterValue[];
}

interface Connector {
  readonly chargePointId: string;
  readonly connectorId: number;
  /** Whether the register begins at 0 with each charge. */
  readonly isSessionRegister: boolean;
  wh: number;
  /** When energy was last told, and how much the register showed then. */
  told: { wh: number; atMs: number };
  charge: Charge | null;
}

const MAX_W = 22_000;
/** Below this, a register that begins anew could not be told from one that jitters. */
const MIN_RESET_WH = 1000;

export class ChargingModel {
  /** Wh by `month tag`: what the site has to come to when everything was delivered. */
  readonly ledger = new Map<string, number>();
  /** What chargers have to deliver, in the order of each charger. */
  readonly queues = new Map<string, Delivery[]>();
  readonly #offline = new Set<string>();
  readonly #calendar: SiteCalendar;
  readonly #connectors: Connector[];

  constructor(calendar: SiteCalendar, atMs: number) {
    this.#calendar = calendar;
    const connector = (chargePointId: string, connectorId: number, isSessionRegister: boolean): Connector => {
      const wh = isSessionRegister ? 0 : 5_000_000;
      return { chargePointId, connectorId, isSessionRegister, wh, told: { wh, atMs }, charge: null };
    };
    this.#connectors = [connector('CP1', 1, false), connector('CP1', 2, true), connector('CP2', 1, true)];
  }

  isOffline(chargePointId: string): boolean {
    return this.#offline.has(chargePointId);
  }

  everybodyComesBack(): void {
    this.#offline.clear();
  }

  /** The world at `atMs`, after the step. What a charger has to say about it is in its queue. */
  take(step: Step, atMs: number): void {
    const connector = this.#connectors[step.connector]!;
    const { charge } = connector;
    this.#charge(connector, step, atMs);
    if (step.action === 'start' || step.action === 'loseStop') this.#start(connector, step, atMs);
    else if (step.action === 'goOffline') this.#offline.add(connector.chargePointId);
    else if (step.action === 'comeBack') this.#offline.delete(connector.chargePointId);
    else if (charge && step.action === 'sample') this.#sample(connector, charge, step.isTerse, atMs);
    else if (charge && step.action === 'stop') this.#stop(connector, charge, step.isTerse, atMs);
    else if (charge && step.action === 'resetRegister') this.#reset(connector, charge, atMs);
  }

  #charge(connector: Connector, step: Step, atMs: number): void {
    if (!connector.charge) return;
    const sinceMs = atMs - connector.told.atMs;
    const full = connector.told.wh + Math.floor((((MAX_W * step.power) / 100) * sinceMs) / 3_600_000);
    connector.wh = Math.max(connector.wh, full);
  }

  /** What the register gained since it was told last is booked on who charged, over the time in between. */
  #tell(connector: Connector, idTag: string, atMs: number, fromWh = connector.told.wh): void {
    const energy = this.#calendar.spread(connector.wh - fromWh, connector.told.atMs, atMs);
    for (const [day, wh] of Object.entries(energy)) {
      const key = `${this.#calendar.monthOf(day)} ${idTag}`;
      this.ledger.set(key, (this.ledger.get(key) ?? 0) + wh);
    }
    connector.told = { wh: connector.wh, atMs };
  }

  #start(connector: Connector, { action, idTag }: Step, atMs: number): void {
    const { charge: forgotten, chargePointId, connectorId } = connector;
    if (forgotten && action !== 'loseStop') return;
    if (connector.isSessionRegister) connector.wh = 0;
    // A lifetime register tells at the next start what flowed before it; a session register has forgotten.
    else if (forgotten) this.#tell(connector, forgotten.idTag, atMs);
    connector.told = { wh: connector.wh, atMs };
    const charge: Charge = { idTag, transactionId: 0, samples: [] };
    connector.charge = charge;
    const message = { chargePointId, connectorId, idTag, meterStart: connector.wh, timestamp: iso(atMs) };
    this.#queue(chargePointId, (site) => (charge.transactionId = site.start(message)));
  }

  #sample(connector: Connector, charge: Charge, isTerse: boolean, atMs: number): void {
    this.#tell(connector, charge.idTag, atMs);
    const { chargePointId, connectorId, wh } = connector;
    const timestamp = iso(atMs);
    charge.samples.push({ timestamp, sampledValue: [{ value: String(wh) }] });
    this.#queue(chargePointId, (site) =>
      site.meter(isTerse ? null : charge.transactionId, wh, { chargePointId, connectorId, timestamp }),
    );
  }

  #stop(connector: Connector, charge: Charge, isTerse: boolean, atMs: number): void {
    this.#tell(connector, charge.idTag, atMs);
    const { chargePointId, wh } = connector;
    const message = {
      chargePointId,
      timestamp: iso(atMs),
      transactionData: isTerse ? [] : [...charge.samples],
    };
    connector.charge = null;
    this.#queue(chargePointId, (site) => site.stop(charge.transactionId, wh, message));
  }

  /** The charger reboots in mid-charge: its register begins anew, and the first sample after shows a little. */
  #reset(connector: Connector, charge: Charge, atMs: number): void {
    if (connector.told.wh < MIN_RESET_WH) return;
    connector.wh = (connector.wh % 400) + 1;
    this.#tell(connector, charge.idTag, atMs, 0);
    const { chargePointId, connectorId, wh } = connector;
    const timestamp = iso(atMs);
    charge.samples.push({ timestamp, sampledValue: [{ value: String(wh) }] });
    this.#queue(chargePointId, (site) =>
      site.meter(charge.transactionId, wh, { chargePointId, connectorId, timestamp }),
    );
  }

  #queue(chargePointId: string, delivery: Delivery): void {
    const queue = this.queues.get(chargePointId);
    if (queue) queue.push(delivery);
    else this.queues.set(chargePointId, [delivery]);
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
