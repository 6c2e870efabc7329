// What the API needs for reports; joined in src/site-ports.ts.
import type { ChargerRow, MonthRow, ReportTotal, SessionRow, UserRow } from '../../domain/energy-report.ts';
import type { Session } from '../../domain/session.ts';

/** Of what is durable. */
export interface ReportPort {
  currentMonth(): string;
  spanOf(month: string): { readonly startMs: number; readonly endMs: number };
  total(month: string): ReportTotal;
  byMonth(): readonly MonthRow[];
  byUser(month: string): readonly UserRow[];
  byCharger(month: string): readonly ChargerRow[];
  bySession(month: string): readonly SessionRow[];
  /** Empty: not known. */
  userNameOf(session: Session): string;
}
