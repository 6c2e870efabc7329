// GET /api/health of a running server.

export interface HealthAnswer {
  readonly status: string;
  readonly uptimeS: number;
  readonly sessionsRunning: number;
  readonly problems: readonly string[];
}

export async function readHealth(apiUrl: string): Promise<HealthAnswer> {
  const response = await fetch(`${apiUrl}/api/health`);
  return (await response.json()) as HealthAnswer;
}
