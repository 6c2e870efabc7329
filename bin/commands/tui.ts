// `kwota` and `kwota tui`: the dashboard, on a server that runs or on one that is started for it. What it shows is in tui/.
import { requestJson } from '../../src/api/client.ts';
import { accessOf, withApi } from '../api-access.ts';
import { readConfiguration } from '../configuration.ts';
import { findOrStartServer, readServerFile, stopServer } from '../local-server.ts';
import { openDashboard, prepareDashboard, type DashboardOptions } from '../open-dashboard.ts';
import { ownProgram } from '../own-program.ts';
import { startingLine } from '../starting-line.ts';

/** The dashboard on the server of the data folder; where none runs, one is started, and stays when it is left. */
export async function runKwota(options: DashboardOptions): Promise<void> {
  const { dataDir, config } = readConfiguration(options);
  prepareDashboard();
  const line = startingLine(process.stderr, `the server on ${dataDir}`);
  const start = { program: ownProgram(), options, dataDir };
  const { access, pid, ocppUrl, isStarted } = await findOrStartServer(start, line.waiting).finally(
    line.clear,
  );
  const leave = await openDashboard({ access, ocppUrl, config, options, isStarted });
  if (leave === 'stop-server') {
    process.stdout.write('stopping the server … ');
    await stopServer(access, pid);
    process.stdout.write('stopped\n');
  } else if (isStarted) {
    process.stdout.write('the server goes on: kwota opens the dashboard again, kwota stop ends the server\n');
  }
}

/** The dashboard on a server that runs: the one of the data folder, or the one that the options name. */
export async function runTui(options: DashboardOptions): Promise<void> {
  const { config, dataDir } = readConfiguration(options);
  // Before the screen changes: that there is no such server is told on a line.
  await withApi(options, async (_, access) => {
    await requestJson(access, 'health');
  });
  const ocppUrl = options.url === undefined ? (readServerFile(dataDir)?.ocpp ?? null) : null;
  await openDashboard({ access: accessOf(options), ocppUrl, config, options, isStarted: false });
}
