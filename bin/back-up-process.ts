// `kwota backup` in a process of its own, for the server: a big store is copied without a charger waiting for it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import type { BackUp } from '../src/daily-backup.ts';
import { ownProgram } from './own-program.ts';

const WITHIN_MS = 600_000;
const MAX_SAID = 2_000;

/** Backs up this data folder, and the configuration when there is one. */
export function backUpInProcess(dataDir: string, configPath: string | null): BackUp {
  const { file: program, args } = ownProgram();
  const config = configPath === null ? [] : ['--config', configPath];
  return async (file, abort) => {
    const child = spawn(program, [...args, 'backup', file, '--data', dataDir, ...config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal: AbortSignal.any([abort, AbortSignal.timeout(WITHIN_MS)]),
      windowsHide: true,
    });
    if (child.pid !== undefined) yieldTo(child.pid);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-MAX_SAID);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0)
      throw new Error(
        said.replaceAll(/^kwota: /gm, '').trim() || `kwota backup ended with ${code ?? 'a signal'}`,
      );
  };
}

/** Charging comes first. Where it may not be said, it is not. */
function yieldTo(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    return;
  }
}
