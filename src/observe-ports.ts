// What is watched of the site, for people: figures, power by the minute, measures. Part of the composition root: it decides nothing.
import type { OverviewPort } from './api/ports/overview.ts';
import type { PerformancePort } from './api/ports/performance.ts';
import type { Config } from './config/schema.ts';
import type { Alarms } from './csms/alarms.ts';
import { PowerHistory } from './csms/power-history.ts';
import type { Services } from './csms/services.ts';
import { SiteFigures } from './csms/site-figures.ts';
import type { SiteCalendar } from './domain/site-calendar.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
import type { LogFileWatch } from './runtime/log-file.ts';
import type { LogLines } from './runtime/log-ring.ts';

export interface ObservationOptions {
  readonly config: Config;
  readonly logLines: LogLines;
  readonly logFile: LogFileWatch | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the API shows of it. */
export interface Observation {
  readonly figures: SiteFigures;
  readonly overview: OverviewPort;
  readonly performance: PerformancePort;
  readonly logLines: LogLines;
  close(): void;
}

export function observe(
  options: ObservationOptions,
  services: Services,
  calendar: SiteCalendar,
): Observation {
  const { config, logLines, logFile, clock, log } = options;
  if (logFile) watchLogFile(logFile, services.alarms, log);
  const { durable, users, chargePoints, forecasts } = services;
  const figures = new SiteFigures({
    ...{ state: durable, users, calendar, clock },
    isConnected: (chargePointId) => chargePoints.isConnected(chargePointId),
    powerOf: (session) => forecasts.powerW(session),
  });
  const history = new PowerHistory(clock, () => figures.powerW() ?? 0);
  const startedMs = clock.now();
  return {
    figures,
    logLines,
    overview: {
      siteName: config.site.name,
      timeZone: config.site.timeZone,
      figures: () => ({
        atMs: clock.now(),
        chargers: { ...figures.chargers(), pending: 0 },
        sessions: figures.sessions(),
        powerW: figures.powerW(),
        powerByMinute: history.minutes(),
        ...figures.month(),
      }),
    },
    performance: { snapshot: () => nothingMeasured(startedMs) },
    close: () => history.close(),
  };
}

function nothingMeasured(startedMs: number): ReturnType<PerformancePort['snapshot']> {
  const spread = { count: 0, p50Ms: null, p95Ms: null, maxMs: null };
  return {
    since: new Date(startedMs).toISOString(),
    ...{ messages: [], meter: spread, api: [], commands: [], forward: null },
    transactions: { started: 0, ended: 0, successPercent: null },
    journal: { commits: 0, rows: 0, p50Ms: null, p95Ms: null, maxMs: null },
    eventLoop: { p50Ms: 0, p99Ms: 0, maxMs: 0 },
    ...{ memoryBytes: 0, cpuPercent: 0, messagesPerMinute: [], chargers: [] },
  };
}

/** A log that cannot be written is an alarm; charging goes on. */
function watchLogFile(file: LogFileWatch, alarms: Alarms, log: Log): void {
  file.onTrouble((trouble, linesLost) => {
    if (trouble === null) alarms.clear('log-file', 'DATA');
    else alarms.raise('log-file', 'DATA', trouble);
    if (linesLost > 0) log.warn('DATA', 'lines are missing in the log file', { lines: linesLost });
  });
}
