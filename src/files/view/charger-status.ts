// charger_status.json: every charger with its status, last sign of life and energy delivered.
import { busiestConnector, type ChargePoint } from '../../domain/charge-point.ts';
import { kWhOf } from '../../domain/energy.ts';
import type { SiteState } from '../../domain/site-state.ts';
import { utcTime } from './utc-time.ts';

export interface Presence {
  isConnected(chargePointId: string): boolean;
  lastHeardMs(chargePoint: ChargePoint): number | null;
}

export function renderChargerStatus(
  state: SiteState,
  presence: Presence,
  brandOf: (chargePoint: ChargePoint) => string,
): string {
  const lines: string[] = [];
  for (const chargePoint of state.chargePoints()) {
    const id = chargePoint.chargePointId;
    const busiest = busiestConnector(chargePoint);
    const isConnected = presence.isConnected(id);
    const lastHeardMs = presence.lastHeardMs(chargePoint);
    const shown = {
      name: id,
      brand: brandOf(chargePoint),
      status: isConnected ? (busiest?.status ?? 'Available') : 'Offline',
      last_heartbeat: lastHeardMs === null ? null : utcTime(lastHeardMs),
      total_energy_delivered: kWhOf(chargePoint.importedWh + state.deliveredWh(id)),
      connector_id: busiest?.connectorId ?? 1,
      connectors: connectorsOf(chargePoint),
    };
    lines.push(`  ${JSON.stringify(id)}: ${JSON.stringify(shown)}`);
  }
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}

function connectorsOf(chargePoint: ChargePoint): Record<string, { status: string; error_code: string }> {
  const shown: Record<string, { status: string; error_code: string }> = {};
  for (const [id, connector] of Object.entries(chargePoint.connectors)) {
    shown[id] = { status: connector.status, error_code: connector.errorCode };
  }
  return shown;
}
