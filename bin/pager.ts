// A text in the person's pager ($PAGER), on the terminal that the dashboard lent. Not the dashboard's own pages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What the shell says where there is no such program, and where it cannot be run. */
const NOT_RUN = [126, 127];

/** Resolves when the person has left it, with why it could not be shown; null: it was. */
export async function showInPager(text: string): Promise<string | null> {
  const wanted = process.env['PAGER'] ?? '';
  const command = wanted !== '' ? wanted : process.platform === 'win32' ? 'more' : 'less';
  // Ctrl-C in a pager is the pager's: it would end the dashboard as well.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  try {
    // By the shell: $PAGER may have options.
    const pager = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'] });
    const ended = once(pager, 'close') as Promise<[number | null]>;
    // Who leaves before the end does not read the rest.
    pager.stdin.on('error', ignore);
    pager.stdin.end(text);
    const [code] = await ended;
    if (code !== null && NOT_RUN.includes(code)) return `the pager ${command} cannot be run; set PAGER`;
    return null;
  } catch (error) {
    return `the pager ${command} cannot be started: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    process.off('SIGINT', ignore);
  }
}
