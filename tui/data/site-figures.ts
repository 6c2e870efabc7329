// The figures of the status line, worked out from the same rows that the screens show, so that they always agree. Pure.
import { runningSessions } from './connectors.ts';
import { remembered } from './memo.ts';
import type { Snapshot } from './snapshot.ts';

export interface SiteFigures {
  readonly chargers: number;
  readonly connected: number;
  readonly faulted: number;
  readonly sessions: number;
  /** null: no session tells. */
  readonly powerW: number | null;
}

export function siteFigures(snapshot: Snapshot): SiteFigures {
  return figuresOf(snapshot.chargers, runningSessions(snapshot));
}

const figuresOf = remembered(
  (chargers: Snapshot['chargers'], running: ReturnType<typeof runningSessions>): SiteFigures => {
    const powers = running.flatMap(({ powerW }) => (powerW === null ? [] : [powerW]));
    return {
      chargers: chargers?.length ?? 0,
      connected: (chargers ?? []).filter(({ isConnected }) => isConnected).length,
      faulted: (chargers ?? []).filter(
        ({ isConnected, connectors }) => isConnected && connectors.some(({ status }) => status === 'Faulted'),
      ).length,
      sessions: running.length,
      powerW: powers.length > 0 ? powers.reduce((sum, one) => sum + one, 0) : running.length === 0 ? 0 : null,
    };
  },
);
