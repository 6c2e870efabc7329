// What the dashboard costs on a large site: CPU and bytes of ten seconds, and how long a key takes to be seen. Run by npm run bench:dashboard.
import { setTimeout as pause } from 'node:timers/promises';
import { keyToFrameMs } from '../test/kit/key-to-frame.ts';
import { openBusyDashboard } from '../test/kit/busy-dashboard.tsx';
import { TestTerminal } from '../test/kit/terminal.ts';

const SECONDS = 10;
const KEYS = 40;
const SITES = [
  { chargers: 60, users: 200, everyMs: 1_000 },
  { chargers: 500, users: 5_000, everyMs: 2_000 },
];
const SCREENS = [
  ['overview', '1'],
  ['chargers', '2'],
  ['sessions', '3'],
  ['users', '4'],
] as const;

/** `42 ms, 95 % in 88 ms, at most 120 ms` */
async function keyToFrame(terminal: TestTerminal, keys: number): Promise<string> {
  const ms = await keyToFrameMs(terminal, keys);
  const at = (share: number) => Math.round(ms[Math.min(ms.length - 1, Math.floor(ms.length * share))] ?? 0);
  return `${at(0.5)} ms, 95 % in ${at(0.95)} ms, at most ${at(1)} ms`;
}

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
    const seen = await keyToFrame(terminal, KEYS);
    const line = `${site.chargers} chargers, ${site.users} users, ${name}: ${cpuPercent.toFixed(1)} % CPU, ${Math.round(perSecond)} bytes/s, key to frame ${seen}`;
    process.stdout.write(`${line}\n`);
    await close();
  }
}
