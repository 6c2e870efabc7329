// The client's part for reports. It knows URLs, and nothing of the server's code.
import { requestJson, requestText, type ApiAccess } from './client.ts';
import type { EnergyReport, MonthsReport } from './contract/reports.ts';
import { withQuery } from './site-client.ts';

export interface ReportQuery {
  /** `2026-11`; the current one unless told. */
  readonly month?: string | undefined;
  readonly by?: EnergyReport['by'] | undefined;
}

/** Every call rejects with an ApiClientError. */
export interface ReportClient {
  energy(query?: ReportQuery): Promise<EnergyReport>;
  energyCsv(query?: ReportQuery): Promise<string>;
  months(): Promise<MonthsReport>;
  monthsCsv(): Promise<string>;
}

export function createReportClient(access: ApiAccess): ReportClient {
  const path = (query: ReportQuery) => withQuery('reports/energy', query);
  return {
    energy: async (query = {}) => (await requestJson(access, path(query))) as EnergyReport,
    months: async () => (await requestJson(access, 'reports/months')) as MonthsReport,
    monthsCsv: () => requestText(access, 'reports/months', 'text/csv'),
    energyCsv: (query = {}) => requestText(access, path(query), 'text/csv'),
  };
}
