// `kwota licenses`: the licences of kwota and of everything that is inside the program, as whole texts.
import { brotliDecompressSync } from 'node:zlib';
import { CommandError } from '../command-error.ts';

/** Set by the build (scripts/bundle.mjs): all texts, compressed, in base64. Absent when run from source. */
declare const __KWOTA_LICENCES__: string | undefined;

export function runLicenses(): void {
  if (typeof __KWOTA_LICENCES__ !== 'string') {
    const hint = 'each package in node_modules has its own, or build kwota with npm run build';
    throw new CommandError('kwota runs from source, with nothing inside it', hint);
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.stdout.write(brotliDecompressSync(Buffer.from(__KWOTA_LICENCES__, 'base64')));
}
