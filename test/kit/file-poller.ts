// An independent reader of the five shared files: a process that polls them in a loop and notes whatever is not whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PollReport {
  /** How often each file was read whole. */
  readonly reads: Readonly<Record<string, number>>;
  /** What was not whole: file, and what was wrong with it. */
  readonly broken: readonly string[];
}

const POLLER = `
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const dir = process.argv[1];
const names = ['energy_usage.json', 'active_transactions.json', 'charger_status.json', 'meter_data_log.json', 'users1.csv'];
const report = { reads: {}, broken: [] };
let isOver = false;
process.on('SIGTERM', () => { isOver = true; });
process.stdout.write('\\n');
function poll() {
  for (const name of names) {
    let text;
    try { text = readFileSync(join(dir, name), 'utf8'); } catch (error) { if (error.code !== 'ENOENT') report.broken.push(name + ': ' + error.message); continue; }
    try {
      if (name.endsWith('.json')) JSON.parse(text);
      else if (!text.endsWith('\\n')) throw new Error('no line end');
      report.reads[name] = (report.reads[name] ?? 0) + 1;
    } catch (error) { report.broken.push(name + ': ' + error.message + ': ' + text.slice(0, 80)); }
  }
  if (isOver) { process.stdout.write(JSON.stringify(report)); return; }
  setImmediate(poll);
}
poll();
`;

/** Starts to poll; the function that is returned stops it and reports. */
export function pollFiles(dataDir: string): () => Promise<PollReport> {
  const child = spawn(process.execPath, ['-e', POLLER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  return async () => {
    // Before its first line it does not know yet what to do when it is told to end.
    if (said === '') await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await once(child, 'close');
    return JSON.parse(said) as PollReport;
  };
}
