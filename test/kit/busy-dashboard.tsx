// A dashboard on a made-up site where something happens all the time: for what it costs to look at it.
import { render } from 'ink';
import type { Charger } from '../../src/api/contract/chargers.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import { every, systemClock } from '../../src/runtime/clock.ts';
import { App } from '../../tui/app.tsx';
import type { SiteApi } from '../../tui/data/site-api.ts';
import { SnapshotStore } from '../../tui/data/store.ts';
import { Dashboard } from '../../tui/desk/dashboard.ts';
import { createTheme } from '../../tui/theme/theme.ts';
import { ago, connector, madeUpCharger, madeUpSession, madeUpSite, madeUpUser } from './made-up-site.ts';
import type { TestTerminal } from './terminal.ts';

export interface Busyness {
  readonly chargers: number;
  readonly users: number;
  /** Each charger tells of itself and of its session once in this time. */
  readonly everyMs: number;
}

export interface BusyDashboard {
  readonly dashboard: Dashboard;
  readonly close: () => Promise<void>;
}

/** Drawn as the real one is: on the alternate screen, incrementally, ten times a second at most. */
export function openBusyDashboard(
  terminal: TestTerminal,
  { chargers, users, everyMs }: Busyness,
): BusyDashboard {
  const clock = systemClock;
  const ids = Array.from({ length: chargers }, (_, index) => `CP-${String(index + 1).padStart(3, '0')}`);
  const sessionOf = (id: string, index: number, energyWh: number): Session => {
    const more = {
      idTag: `TAG${index}`,
      userName: `Person ${index}`,
      energyWh,
      powerW: 7_000 + (energyWh % 500),
    };
    return madeUpSession(1_000 + index, id, 1, { ...more, leftWh: 60_000 - energyWh, startedAt: ago(index) });
  };
  const chargerOf = (id: string): Charger => madeUpCharger(id, [connector(1, 'Charging', 60)]);
  const store = new SnapshotStore(clock, {
    ...madeUpSite,
    chargers: ids.map(chargerOf),
    sessions: ids.map((id, index) => sessionOf(id, index, 1_000)),
    users: Array.from({ length: users }, (_, index) =>
      madeUpUser(`TAG${index}`, `Person ${index}`, 100, index % 100),
    ),
  });
  const dashboard = new Dashboard({
    ...{ clock, store, api: {} as SiteApi, size: terminal.stdout },
    theme: createTheme({ glyphs: 'unicode', palette: 'default', color: true }, { platform: 'linux' }),
    facts: { siteHint: 'busy', chargersUrl: null, isReadOnly: false, hasStartedServer: false },
    ...{
      onPlace: () => undefined,
      onRead: () => undefined,
      onRetry: () => undefined,
      onLeave: () => undefined,
    },
    copy: () => undefined,
    save: () => Promise.resolve({ isSaved: false, problem: '' }),
    pager: () => Promise.resolve(null),
    newId: () => '',
  });
  let turn = 0;
  // Spread over the time, as chargers are.
  const stop = every(clock, everyMs / ids.length, () => {
    turn += 1;
    const index = turn % ids.length;
    const id = ids[index] ?? '';
    const at = new Date(clock.now()).toISOString();
    store.happened({ kind: 'session', at, session: sessionOf(id, index, 1_000 + turn * 37) });
    store.happened({ kind: 'charger', at, charger: chargerOf(id) });
  });
  const { stdin, stdout } = terminal;
  const instance = render(<App dashboard={dashboard} />, {
    ...{ stdin, stdout, alternateScreen: true, incrementalRendering: true, interactive: true, maxFps: 10 },
    ...{ exitOnCtrlC: false, patchConsole: false },
  });
  return {
    dashboard,
    close: async () => {
      stop();
      dashboard.close();
      store.close();
      instance.unmount();
      await instance.waitUntilExit();
    },
  };
}
