// charger_status.json: every charger with its status, last sign of life and energy delivered.
import { busiestConnector, type ChargePoint } from '../../domain/charge-point.ts';
import { kWhOf } from '../../domain/energy.ts';
import type { SiteState } from '../../domain/site-state.ts';
import { utcTime } from './utc-time.ts';

export interface Presence {
  isConnected(chargePointId: string): boolean;
  lastHeardMs(chargePoint: ChargePoint): number | null;
}

/** What a charger's line is made of, beside its record. */
interface Shown {
  readonly brand: string;
  readonly isConnected: boolean;
  readonly lastHeardMs: number | null;
  readonly deliveredWh: number;
}

interface Line extends Shown {
  readonly text: string;
}

/**
 * What renders the file as it is when asked. Of thousands of chargers few change from one time to the next, within a second:
 * the lines of the others are kept, for to make all anew would be most of what a silent site takes of time and memory.
 */
export function chargerStatusView(
  state: SiteState,
  presence: Presence,
  brandOf: (chargePoint: ChargePoint) => string,
): () => string {
  /** By the version of the record. */
  const lines = new WeakMap<ChargePoint, Line>();
  let last = { text: '{}\n', lines: 0 };
  const isRenewed = (chargePoint: ChargePoint): boolean => {
    const id = chargePoint.chargePointId;
    const brand = brandOf(chargePoint);
    const isConnected = presence.isConnected(id);
    const lastHeardMs = presence.lastHeardMs(chargePoint);
    const deliveredWh = state.deliveredWh(id);
    const line = lines.get(chargePoint);
    const isSame =
      line?.brand === brand &&
      line.isConnected === isConnected &&
      line.lastHeardMs === lastHeardMs &&
      line.deliveredWh === deliveredWh;
    if (isSame) return false;
    const shown = { brand, isConnected, lastHeardMs, deliveredWh };
    lines.set(chargePoint, { ...shown, text: lineText(chargePoint, shown) });
    return true;
  };
  return () => {
    let isNew = false;
    let count = 0;
    for (const chargePoint of state.chargePoints()) {
      if (isRenewed(chargePoint)) isNew = true;
      count += 1;
    }
    if (isNew || count !== last.lines) {
      const texts = Array.from(state.chargePoints(), (one) => lines.get(one)?.text ?? '');
      last = { text: count === 0 ? '{}\n' : `{\n${texts.join(',\n')}\n}\n`, lines: count };
    }
    return last.text;
  };
}

function lineText(chargePoint: ChargePoint, shown: Shown): string {
  const id = chargePoint.chargePointId;
  const busiest = busiestConnector(chargePoint);
  const row = {
    name: id,
    brand: shown.brand,
    status: shown.isConnected ? (busiest?.status ?? 'Available') : 'Offline',
    last_heartbeat: shown.lastHeardMs === null ? null : utcTime(shown.lastHeardMs),
    total_energy_delivered: kWhOf(chargePoint.importedWh + shown.deliveredWh),
    connector_id: busiest?.connectorId ?? 1,
    connectors: connectorsOf(chargePoint),
  };
  return `  ${JSON.stringify(id)}: ${JSON.stringify(row)}`;
}

function connectorsOf(chargePoint: ChargePoint): Record<string, { status: string; error_code: string }> {
  const shown: Record<string, { status: string; error_code: string }> = {};
  for (const [id, connector] of Object.entries(chargePoint.connectors)) {
    shown[id] = { status: connector.status, error_code: connector.errorCode };
  }
  return shown;
}
