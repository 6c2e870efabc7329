// `kwota status`: the site at a glance, as text or for programs.
import { createObserveClient } from '../../src/api/observe-client.ts';
import { createSiteClient } from '../../src/api/site-client.ts';
import { printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { statusText } from '../status-text.ts';

export interface StatusOptions extends ApiOptions {
  readonly json?: boolean;
}

const JSON_INDENT = 2;

/** Sessions that are shown: those that began last. */
const SESSIONS_SHOWN = 100;

export async function runStatus(options: StatusOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const site = createSiteClient(access);
    const [overview, alarms, { items: sessions }] = await Promise.all([
      createObserveClient(access).overview(),
      site.alarms(),
      site.sessions({ status: 'running', limit: SESSIONS_SHOWN }),
    ]);
    const text = options.json
      ? `${printableJson({ ...overview, alarms, runningSessions: sessions }, JSON_INDENT)}\n`
      : statusText({ overview, alarms, sessions }, process.stdout.columns || Infinity);
    process.stdout.write(text);
  });
}
