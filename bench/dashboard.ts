// What the dashboard costs on a large site: CPU and bytes of ten seconds. Run: node --import ./scripts/tsx-hook.mjs bench/dashboard.ts
import { setTimeout as pause } from 'node:timers/promises';
import { openBusyDashboard } from '../test/kit/busy-dashboard.tsx';
import { TestTerminal } from '../test/kit/terminal.ts';

const SECONDS = 10;
const SITES = [
  { chargers: 60, users: 200, everyMs: 1_000 },
  { chargers: 500, users: 5_000, everyMs: 2_000 },
];
const SCREENS = [
  ['overview', '1'],
  ['chargers', '2'],
] as const;

for (const site of SITES) {
  for (const [name, key] of SCREENS) {
    const terminal = new TestTerminal(120, 40);
    const { close } = openBusyDashboard(terminal, site);
    await terminal.shows(/chargers/);
    terminal.type(key);
    await pause(1_000);
    const bytes = terminal.bytesWritten();
    const cpu = process.cpuUsage();
    await pause(SECONDS * 1_000);
    const { user, system } = process.cpuUsage(cpu);
    const cpuPercent = (user + system) / SECONDS / 10_000;
    const perSecond = (terminal.bytesWritten() - bytes) / SECONDS;
    const line = `${site.chargers} chargers, ${site.users} users, ${name}: ${cpuPercent.toFixed(1)} % CPU, ${Math.round(perSecond)} bytes/s`;
    process.stdout.write(`${line}\n`);
    await close();
  }
}
